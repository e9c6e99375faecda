"""Budgets: moto 5.2.5 keeps the subscribers of a notification and cannot show them, and drops a budget's tags."""

from offline.patches.overlay import Answer, Call, Refusal, amends, answers

TAGS = "budget tags"


def _budget_name(call: Call) -> str:
    return call.params["ResourceARN"].rpartition("budget/")[2]


@amends("budgets", "CreateBudget")
def tags_are_kept(call: Call, _: Answer) -> None:
    """Remember the tags by the budget's name, from which its ARN is made."""
    call.memory(TAGS)[call.params["Budget"]["BudgetName"]] = call.params.get("ResourceTags", [])


@answers("budgets", "ListTagsForResource")
def tags_are_shown(call: Call) -> Answer:
    """Answer for `arn:aws:budgets::<account>:budget/<name>`."""
    return {"ResourceTags": call.memory(TAGS).get(_budget_name(call), [])}


@answers("budgets", "TagResource")
def tags_are_added(call: Call) -> Answer:
    """Missing in moto; a tag of the same key gives way."""
    asked = {row["Key"]: row for row in call.params["ResourceTags"]}
    held = {row["Key"]: row for row in call.memory(TAGS).get(_budget_name(call), [])}
    call.memory(TAGS)[_budget_name(call)] = list({**held, **asked}.values())
    return {}


@answers("budgets", "UntagResource")
def tags_are_taken_away(call: Call) -> Answer:
    """Missing in moto."""
    held, gone = call.memory(TAGS).get(_budget_name(call), []), call.params["ResourceTagKeys"]
    call.memory(TAGS)[_budget_name(call)] = [row for row in held if row["Key"] not in gone]
    return {}


@answers("budgets", "DescribeSubscribersForNotification")
def subscribers_are_shown(call: Call) -> Answer:
    """Find the notification by all of its settings, as the API does."""
    budget = call.backend.budgets[call.params["AccountId"]].get(call.params["BudgetName"])
    wanted = call.params["Notification"]
    found = [each for each in budget.notifications if each.details == wanted] if budget else []
    if not found:
        raise Refusal("NotFoundException", f"Unable to get subscribers: no notification {wanted}")
    return {"Subscribers": found[0].subscribers}


@answers("budgets", "UpdateBudget")
def a_budget_can_be_changed(call: Call) -> Answer:
    """Missing in moto. The notifications stay, as on AWS."""
    asked = call.params["NewBudget"]
    held = call.backend.budgets[call.params["AccountId"]].get(asked["BudgetName"])
    if held is None:
        raise Refusal("NotFoundException", f"Unable to update the budget {asked['BudgetName']}: it does not exist")
    held.budget = {**held.budget, **asked}
    return {}
