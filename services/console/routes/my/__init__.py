"""A labourer's own pages (本人页面): signed in by a code from the cadre, made for a phone, each before the address that programs use."""

from services.console.routes.my import entering, offers, showing

PAGES = (entering.pages, showing.pages, offers.pages)
