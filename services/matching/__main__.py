"""`python -m services.matching api|worker|all|migrate`."""

from libs.common.runtime import main
from services.matching.app import SERVICE

if __name__ == "__main__":
    main(SERVICE)
