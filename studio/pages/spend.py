"""Spend: what this workspace spent in a month, where, and what needs a look; budgets and prices; a CSV. Reviewers see no money."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from studio.engine import budgets, ledger
from studio.engine.amounts import SIGNS
from studio.engine.months import Month
from studio.engine.spend import figures
from studio.models import Generation, UnitPrice
from studio.providers import REMOTE, get_remote

from . import spend_top_up
from .access import MemberRequest, creator, manager
from .rights import managing
from .spend_csv import rows_of
from .spend_figures import blocks_of, look_rows, services_of, table_rows

CURRENCIES = (*SIGNS, "CHF", "SEK", "NOK", "DKK", "PLN", "AUD", "CAD")
MOST = Decimal(10) ** 9
_TWO_WAYS = re.compile(r"[1-9]\d{0,2},\d{3}")


@require_safe
@creator
def spend(request: MemberRequest) -> HttpResponse:
    """`?month=2026-11`; without, the present month."""
    return _page(request)


def _page(
    request: MemberRequest, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None
) -> HttpResponse:
    """errors, typed: sentences and values by "<budget or price>-<provider>" of a form that was refused."""
    month = Month.of(request.GET.get("month", ""))
    found = figures(request.workspace, month)
    context = {
        "month": month,
        "figures": found,
        "blocks": blocks_of(found),
        "look": look_rows(found),
        "brands": table_rows(found, found.brands),
        "tools": table_rows(found, found.tools),
        "people": table_rows(found, found.people),
        "services": services_of(found, errors or {}, typed or {}),
        "currencies": CURRENCIES,
    }
    return render(request, "spend/spend.html", context, status=422 if errors else 200)


@require_safe
@creator
def spend_csv(request: MemberRequest) -> HttpResponseBase:
    """One line for each generation of the month, as a file that spreadsheets open."""
    month = Month.of(request.GET.get("month", ""))
    response = StreamingHttpResponse(rows_of(request.workspace, month), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="spend-{month.key}.csv"'
    return response


@require_POST
@manager
def spend_budget(request: MemberRequest, provider: str) -> HttpResponseBase:
    """What this workspace may spend at a service in a month; empty takes the limit away."""
    title, text = _title(provider), request.POST.get("amount", "").strip()
    amount, problem = _amount(text, "a budget")
    if problem:
        return _page(request, {f"budget-{provider}": problem}, {f"budget-{provider}": text})
    with managing(request.membership):
        budgets.set_budget(request.workspace, provider, amount, request.user)
    said = f"There is no budget for {title} any more." if amount is None else f"The budget for {title} is saved."
    messages.success(request, said)
    return redirect(f"{reverse('spend')}#services")


@require_POST
@manager
def spend_price(request: MemberRequest, provider: str) -> HttpResponseBase:
    """What one unit of a service costs the team; empty goes back to units."""
    title, text, currency = _title(provider), request.POST.get("price", "").strip(), request.POST.get("currency", "")
    price, problem = _amount(text, "a price", places=6)
    if not problem and price is not None and (currency not in CURRENCIES or price == 0):
        problem = "Choose a currency from the list." if price else "A price of 0 says nothing. Leave it empty instead."
    if problem:
        return _page(request, {f"price-{provider}": problem}, {f"price-{provider}": text})
    with managing(request.membership) as actor:
        rows = UnitPrice.objects.filter(team=actor.team_id, provider=provider)
        if price is None:
            rows.delete()
        elif not rows.update(price=price, currency=currency):
            UnitPrice.objects.create(team_id=actor.team_id, provider=provider, price=price, currency=currency)
    messages.success(request, f"{title} is counted in {'its own units' if price is None else currency} now.")
    return redirect(f"{reverse('spend')}#services")


@require_POST
@manager
def spend_correct(request: MemberRequest, generation_id: UUID) -> HttpResponseBase:
    """Somebody looked in the account there: what was really charged, 0 for nothing."""
    rows = Generation.objects.seen_by(request.membership).filter(workspace=request.workspace)
    generation = rows.filter(pk=generation_id).first()
    if generation is None:
        raise Http404
    amount, problem = _amount(request.POST.get("amount", "").strip(), "an amount")
    if problem or amount is None:
        messages.error(request, problem or "Type how much was charged there, or 0.")
    elif ledger.correct(generation, amount):
        messages.success(request, "Noted. The sums follow what you found there.")
    else:
        messages.info(request, "Nothing changed: that was noted before, or it has not ended yet.")
    month = Month.of(ledger.month_of(generation.created_at))
    return redirect(f"{reverse('spend')}?month={month.key}#look")


def _title(provider: str) -> str:
    if provider not in REMOTE:
        raise Http404
    return get_remote(provider).title


def _amount(text: str, what: str, places: int = 4) -> tuple[Decimal | None, str]:
    """(the amount, "") or (None, a sentence); an empty text is no amount. A comma before the decimals is one."""
    if not text:
        return None, ""
    plain = text.replace(" ", "").replace("\u00a0", "")
    if _TWO_WAYS.fullmatch(plain):
        whole, part = plain.replace(",", ""), plain.replace(",", ".")
        return None, f"“{text[:20]}” can be read in two ways. Write {whole} or {part.rstrip('0').rstrip('.')}."
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        amount = Decimal(plain.replace(",", ""))
    except InvalidOperation:
        return None, f"“{text[:20]}” is not {what}. Write a number such as 120 or 0.5."
    if not amount.is_finite() or amount < 0 or amount >= MOST:
        return None, f"“{text[:20]}” cannot be {what}. Use a number from 0 to {MOST - 1:,}."
    return round(amount, places), ""


urlpatterns = [
    path("spend/", spend, name="spend"),
    path("spend/export.csv", spend_csv, name="spend_csv"),
    path("spend/budget/<str:provider>", spend_budget, name="spend_budget"),
    path("spend/price/<str:provider>", spend_price, name="spend_price"),
    path("spend/charge/<uuid:generation_id>", spend_correct, name="spend_correct"),
    *spend_top_up.urlpatterns,
]
