"""The people of the demo. Their passwords and second factors are public: demo settings only."""

from dataclasses import dataclass

PASSWORD = "san-giao-dich-2026"  # noqa: S105 - shown on the demo page on purpose


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    full_name: str
    role: str
    organization_key: str = ""
    #: The role in that organisation.
    rank: str = "owner"
    group: str = ""
    totp_secret: str = ""
    language: str = "vi"
    #: Address of the focal point the person works for.
    focal_point: str = ""


PEOPLE = (
    Person("doanhnghiep@example.vn", "Trần Thị Mai", "enterprise", organization_key="a-org-01"),
    Person(
        "doanhnghiep2@example.vn", "Lê Quốc Bảo", "second enterprise", organization_key="b-org-01"
    ),
    Person("vien@example.vn", "Phạm Văn Sơn", "institute", organization_key="a-org-07"),
    Person(
        "canbo@example.vn",
        "Nguyễn Thu Hà",
        "exchange staff, first step",
        group="officers",
        totp_secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",  # noqa: S106 - shown on the demo page
    ),
    Person(
        "phutrach@example.vn",
        "Đỗ Minh Khoa",
        "exchange staff, last step",
        group="leads",
        totp_secret="KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU",  # noqa: S106 - shown on the demo page
    ),
    Person(
        "daumoi@example.vn",
        "Hoàng Thu Trang",
        "focal point of a ministry",
        totp_secret="MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK",  # noqa: S106 - shown on the demo page
        focal_point="bo-nong-nghiep",
    ),
    Person(
        "cucthongtin@example.vn",
        "Vũ Đình Long",
        "national agency",
        totp_secret="NNSXS4TFMQ3TSNRXNNSXS4TFMQ3TSNRX",  # noqa: S106 - shown on the demo page
        focal_point="cuc-thong-tin",
    ),
    Person("moigioi@example.vn", "Ngô Thanh Bình", "broker", organization_key="a-org-15"),
    Person("chuyengia@example.vn", "Lý Hoài An", "expert"),
    # Of the staff, without a second factor yet: the admin leads to where one is set up.
    Person("bientap@example.vn", "Đinh Thị Xuân", "exchange staff, pages", group="editors"),
    # Who binds a side to a contract does so with a second factor; who moves its money does nothing else.
    Person(
        "giamdoc@example.vn",
        "Trần Quốc Hưng",
        "enterprise, signs contracts",
        organization_key="a-org-01",
        rank="manager",
        totp_secret="OBQXG43XN5ZGIMJSOBQXG43XN5ZGIMJS",  # noqa: S106 - shown on the demo page
    ),
    Person(
        "vientruong@example.vn",
        "Nguyễn Thị Thanh Vân",
        "institute, signs contracts",
        organization_key="a-org-07",
        rank="manager",
        totp_secret="ONUWO3TBORXXE6JTONUWO3TBORXXE6JT",  # noqa: S106 - shown on the demo page
    ),
    Person(
        "taichinhvien@example.vn",
        "Vũ Thị Lan",
        "institute, finance",
        organization_key="a-org-07",
        rank="finance",
    ),
    Person(
        "ketoan@example.vn",
        "Phan Thu Hương",
        "second enterprise, finance",
        organization_key="b-org-01",
        rank="finance",
    ),
    # An owner binds the organisation where there is no deal yet: a licence by terms that stand.
    Person(
        "chutich@example.vn",
        "Trần Văn Đạt",
        "enterprise, owner who signs",
        organization_key="a-org-01",
        totp_secret="MNUHK5DJMNUC243JM5XGK4RAMNUHK5DJ",  # noqa: S106 - shown on the demo page
    ),
)
