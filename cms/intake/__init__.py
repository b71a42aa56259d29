"""What comes in by telephone, on paper and at visits: staff post for firms."""

from cms.intake.staff_posts import StaffPostViewSet

__all__ = ["StaffPostViewSet"]
