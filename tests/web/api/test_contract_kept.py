"""The service keeps its contract, whatever is sent: asked by Schemathesis, as every scope and as nobody.

All of its checks: no fault of ours, no answer that the contract has not, nothing refused that the contract allows and
nothing taken that it does not. What is well formed and cannot be recorded is a 409, what was changed meanwhile a 412.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from tests.stored import Restored
from tests.web.casework import Casework, add_strangers
from tests.web.routes.test_service_referrals import Helping
from tests.web.site import Site
from tests.web.systems import listed_hearing, register, token_of
from victimcare.domain.agencies import OWN_AGENCY, RECORDED_BY, SUPPORT_SERVICE
from victimcare.web.api.callers import Rates
from victimcare.web.routes.api_contract import contract

CONFIG = {
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ["2xx", 304, 400, 401, 403, 404, 409, 412, 413, 429]},
        "negative_data_rejection": {"expected-statuses": [400, 401, 403, 404, 405, 409, 413, 415, 422, 429]},
    }
}
SYSTEMS = (*RECORDED_BY, SUPPORT_SERVICE, OWN_AGENCY)
AGENCIES = (*SYSTEMS, "")
OPERATIONS = [f"{method.upper()} {path}" for path, methods in contract()["paths"].items() for method in methods]
FEW, MANY = 12, 1_000


@dataclass
class Asked:
    """A site with something of everything, a token of each agency's system, and how often what was answered."""

    casework: Casework
    ref: str
    referral: str
    tokens: dict[str, str]
    schema: Any
    answers: Counter[str] = field(default_factory=Counter)

    def operation(self, label: str) -> Any:
        method, path = label.split()
        return self.schema[path][method]


@pytest.fixture(scope="module")
def asked(module_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    add_strangers(module_site)
    casework = Casework(module_site)
    helping = Helping(casework, Path(tmp_path_factory.mktemp("referral")))
    ref = listed_hearing(casework)
    module_site.app.state.rates = Rates(10**9)
    tokens = {"": ""}
    for agency in SYSTEMS:
        service = helping.desk.service if agency == SUPPORT_SERVICE else None
        tokens[agency] = token_of(casework, register(casework, agency, service=service))
    config = SchemathesisConfig.from_dict(CONFIG)
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", module_site.app, config=config)
    made = Asked(casework, ref, helping.id, tokens, schema)
    yield made
    print(f"\n{sum(made.answers.values())} requests: {dict(sorted(made.answers.items()))}")


@pytest.fixture
def stored(asked: Asked) -> Iterator[Restored]:
    """What is stored is had again as it was, before what the next agency asks."""
    held = Restored(asked.casework.site.database)
    yield held
    held.restore()
    held.close()


def keeps(asked: Asked, label: str, agency: str, mode: GenerationMode, many: int) -> None:
    """So many requests of this kind; half of them about a case and a referral that there are."""
    named = {"ref": asked.ref, "referral": asked.referral}
    numbers = Counter[str]()

    @given(case=asked.operation(label).as_strategy(generation_mode=mode))
    @settings(
        max_examples=many, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    def sent(case: Any) -> None:
        numbers["sent"] += 1
        if numbers["sent"] % 2:
            for name in set(case.path_parameters or {}) & set(named):
                case.path_parameters[name] = named[name]
        if mode is GenerationMode.POSITIVE and "Idempotency-Key" in (case.headers or {}):
            case.headers["Idempotency-Key"] = uuid.uuid4().hex  # one used before with another request is refused
        token = asked.tokens[agency]
        shown = {"Authorization": f"Bearer {token}"} if token and "token" not in label else {}
        answer = case.call(headers=shown)
        asked.answers[str(answer.status_code)] += 1
        case.validate_response(answer)

    sent()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", OPERATIONS)
def test_the_contract_is_kept_by_each_operation_for_those_whose_it_is(
    asked: Asked, stored: Restored, label: str, mode: GenerationMode
) -> None:
    agency = SUPPORT_SERVICE if "referral" in label else OWN_AGENCY if "records" in label else "hmcts"
    keeps(asked, label, agency, mode, FEW)
    keeps(asked, label, "", mode, 3)


@pytest.mark.slow
@pytest.mark.parametrize("agency", AGENCIES)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", OPERATIONS)
def test_the_contract_is_kept_for_every_agency_and_for_nobody(
    asked: Asked, stored: Restored, label: str, mode: GenerationMode, agency: str
) -> None:
    keeps(asked, label, agency, mode, MANY // len(AGENCIES))
