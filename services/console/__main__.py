"""`python -m services.console api|worker|all|migrate`."""

from libs.common.runtime import main
from services.console.app import SERVICE

if __name__ == "__main__":
    main(SERVICE)
