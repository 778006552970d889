"""`python -m services.retention api|worker|all|migrate`."""

from libs.common.runtime import main
from services.retention.app import SERVICE

if __name__ == "__main__":
    main(SERVICE)
