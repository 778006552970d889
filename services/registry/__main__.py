"""`python -m services.registry api|worker|all|migrate`."""

from libs.common.runtime import main
from services.registry.app import SERVICE

if __name__ == "__main__":
    main(SERVICE)
