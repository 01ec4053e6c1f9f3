"""Production sends nothing in clear, and does not start towards a host that nobody registered."""

from typing import Any

import pytest

import config
from imgpilot.errors import StartError
from imgpilot.parts import assemble

PRODUCTION: dict[str, Any] = {
    "imgpilot_env": "production",
    "secret_key": "s" * 40,
    "signing_key": "a key",
    "site_url": "https://imgpilot.example",
    "console_url": "https://staff.imgpilot.example",
    "database_url": "postgresql://database/imgpilot",
    "broker_url": "redis://broker",
    "r2_endpoint_url": "https://r2.example",
    "r2_bucket": "pictures",
    "r2_access_key_id": "key",
    "r2_secret_access_key": "secret",
    "smtp_url": "smtps://mail.example",
    "mail_from": "hi@imgpilot.example",
    "openai_api_key": "key",
}


def test_production_with_everything_over_https_is_taken() -> None:
    assert config.read_settings(**PRODUCTION).is_production
    assert config.read_settings(**PRODUCTION, openai_base_url="https://api.openai.com/v1").is_production


@pytest.mark.parametrize("name", ["site_url", "console_url", "r2_endpoint_url", "openai_base_url"])
def test_production_refuses_an_address_in_clear(name: str) -> None:
    with pytest.raises(config.SettingsError, match=f"{name.upper()} must be https:// in production"):
        config.read_settings(**PRODUCTION | {name: "http://somewhere.example"})


def test_a_provider_that_nobody_registered_is_an_error_at_start() -> None:
    settings = config.read_settings(**PRODUCTION, openai_base_url="https://models.example/v1")
    with pytest.raises(StartError, match=r"models\.example, which is no registered processor"):
        assemble(settings)


def test_p09_a_provider_that_would_train_on_prompts_is_not_used_before_it_said_that_it_does_not() -> None:
    with pytest.raises(config.SettingsError, match="BFL_TRAINING_REFUSED_ON"):
        config.read_settings(**PRODUCTION, bfl_api_key="key")
    assert config.read_settings(**PRODUCTION, bfl_api_key="key", bfl_training_refused_on="2026-11-02").bfl_api_key
