"""The engines that the contract is tried on. A further engine adds its name and its address."""

ENGINES = ("embedded",)


def address(name: str, folder) -> str:
    return {"embedded": f"embedded://{folder}/index"}[name]
