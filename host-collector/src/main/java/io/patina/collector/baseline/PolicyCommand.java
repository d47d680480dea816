package io.patina.collector.baseline;

import picocli.CommandLine.Command;

/** {@code policy}: checks policies and runs the cases that they bring. */
@Command(
    name = "policy",
    description = "Checks policies and runs their cases; needs no engine.",
    subcommands = {PolicyTestCommand.class, PolicyLintCommand.class},
    mixinStandardHelpOptions = true)
public final class PolicyCommand {}
