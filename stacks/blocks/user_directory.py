"""Who may sign in: a user pool with groups viewer, trader and admin, and the dashboard's client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from stacks.blocks.acknowledge import acknowledge

if TYPE_CHECKING:
    from stacks.stage import Stage

GROUPS = {
    "viewer": "Reads everything, changes nothing",
    "trader": "Enables strategies and halts trading",
    "admin": "Does all, and alone resumes trading after a halt",
}


class UserDirectory(Construct):
    """Hold the people of one deployment; nobody signs up, an administrator invites."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self.pool = self._pool(stage)
        self.client = self.pool.add_client(
            "Dashboard",
            auth_flows=cognito.AuthFlow(user_srp=True, user_password=stage.is_local),
            generate_secret=False,  # a browser can keep none
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            disable_o_auth=True,
            access_token_validity=cdk.Duration.hours(1),
            id_token_validity=cdk.Duration.hours(1),
            refresh_token_validity=cdk.Duration.days(1),
        )
        for name, meaning in GROUPS.items():
            cognito.CfnUserPoolGroup(
                self,
                name.capitalize(),
                user_pool_id=self.pool.user_pool_id,
                group_name=name,
                description=meaning,
            )

    def _pool(self, stage: Stage) -> cognito.UserPool:
        pool = cognito.UserPool(
            self,
            "Pool",
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(username=True, email=True),
            sign_in_case_sensitive=False,
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_digits=True,
                require_lowercase=True,
                require_uppercase=True,
                require_symbols=True,
                temp_password_validity=cdk.Duration.days(2),
            ),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            deletion_protection=not stage.is_local,
            removal_policy=stage.removal_policy,
        )
        acknowledge(
            pool,
            "AwsSolutions-COG2",
            "Each person turns on an authenticator app; whoever trades live is told to by the runbook.",
        )
        for finding in ("AwsSolutions-COG3", "AwsSolutions-COG8"):
            acknowledge(
                pool,
                finding,
                "Threat protection needs the Plus plan, priced per user and month; a handful of invited "
                "people without sign-up do not need it, and the owner can switch it on.",
            )
        return pool
