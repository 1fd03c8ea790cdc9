"""What is known about each line of Cisco IOS, as data, a file a feature; `table.rule_for` looks a line up."""
