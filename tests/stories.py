"""List every documented command in the story whose test runs it, and name the test of those that no story can run."""

TOUR = (
    "engine",
    "engine install",
    "doctor",
    "completion bash",
    "presets",
    "presets monthly_budget_usd",
    "build",
    "preview --stack production",
    "check",
    "check --stack production",
    "rules",
    "rules ID",
    "coverage",
    "up",
    "status",
    "outputs",
    "resources",
    "resources --json",
    "env",
    "up --scaling vertical",
    "up --set table_shards=4",
    "down",
)
"""What needs no state, by the embedded engine: tests/end_to_end/test_tour.py."""

SWITCHING = (
    "up --engine pulumi --scaling vertical",
    "preview --scaling horizontal",
    "up --scaling horizontal",
    "up --engine pulumi",
    "preview --set app_servers=3..5",
    "up --set app_servers=3..5",
    "refresh",
    "preview --scaling vertical",
    "preview --scaling vertical --set table_shards_draining=1 --set table_map_version=9",
    "up --scaling vertical",
    "up --scaling vertical --allow-data-loss customers-shard-01",
    "down",
)
"""What needs state, in the offline account: tests/engine/test_verbs.py."""

SANDBOX = (
    "env --start",
    "doctor --stack sandbox",
    "up --stack sandbox",
    "env --stack sandbox",
    "preview --scaling horizontal --stack sandbox",
    "up --scaling horizontal --stack sandbox",
    "preview --scaling vertical --stack sandbox",
    "up --scaling vertical --stack sandbox",
    "leftovers --stack sandbox",
    "down --stack sandbox",
    "down --stack sandbox --yes-destroy sandbox",
    "leftovers --stack sandbox",
)
"""A stack on AWS, with the offline account in AWS's place: tests/engine/test_sandbox.py."""

STORIES = (TOUR, SWITCHING, SANDBOX)

_POLICY_PACK = "tests/engine/test_policy_pack.py"
_SERVED = "tests/end_to_end/test_serve.py"
ELSEWHERE = {
    "check --program ~/invoices --set invoices:log_days=30": (
        "tests/end_to_end/test_own_stack.py::test_the_documented_check_finds_nothing"
    ),
    "check --program FOLDER": "tests/end_to_end/test_own_stack.py::test_the_documented_check_finds_nothing",
    "coverage --markdown --set domain=shop.bigpicture.dev --set hosted_zone=make": (
        "tests/engines/test_coverage.py::test_the_coverage_page_is_current"
    ),
    "down --stack production --yes-destroy production": (
        "tests/engine/test_switch.py::test_production_that_was_given_up_is_destroyed_by_its_name"
    ),
    "empty-shards": "tests/engine/test_empty_shards.py::test_everybody_leaves_the_shard_that_drains",
    "engine unlock": ("tests/engine/test_unlock.py::test_unlock_prints_the_line_that_takes_over_what_was_being_made"),
    "--help": "tests/terminal/test_help.py::test_each_command_has_its_one_line_in_its_section",
    "up --no-serve": "tests/end_to_end/test_command_line.py::test_up_says_what_it_created",
    "serve": "tests/end_to_end/test_serve.py::test_serving_what_is_served_already_changes_nothing",
    "test": "tests/launcher/test_ci.py::test_the_closing_line_comes_last_and_the_test_command_ran_at_the_root",
    "test ~/invoices": (
        "tests/end_to_end/test_own_stack.py::test_the_documented_tests_pass_from_the_folder_that_holds_them"
    ),
    "load --rps 50 --minutes 2": (
        "tests/traffic/test_load.py::test_a_run_without_faults_counts_each_request_by_what_was_asked"
    ),
    "logs app-orders -f": f"{_SERVED}::test_logs_are_what_the_server_wrote",
    "open": f"{_SERVED}::test_open_prints_the_stores_address",
    "seed": "tests/app/test_seeding.py::test_every_item_of_the_catalogue_is_in_the_store_as_it_was_made",
    "status --not-carried": f"{_SERVED}::test_what_is_not_carried_through_is_told_a_line_each",
    "status --live": f"{_SERVED}::test_status_shows_a_person_the_hosts_and_what_is_not_carried_through",
    "stop NAME": f"{_SERVED}::test_a_lost_host_is_replaced_by_a_healthy_one",
    "pulumi preview --policy-pack policies/": f"{_POLICY_PACK}::test_what_stands_at_the_limits_passes",
    "pulumi up --policy-pack policies/": f"{_POLICY_PACK}::test_a_program_that_keeps_the_rules_is_deployed",
    "pulumi up -s offline": ("tests/engine/test_plain_pulumi.py::test_every_resource_that_pulumi_made_is_listed"),
}
"""Command -> the test that runs it or what it carries out, with words of its own where the page has placeholders."""
