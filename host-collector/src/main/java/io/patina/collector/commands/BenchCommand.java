package io.patina.collector.commands;

import picocli.CommandLine.Command;

/** {@code bench}: the measurements that need no running line. */
@Command(
    name = "bench",
    description = "Measures the collector beside other tools.",
    subcommands = {ScanBenchCommand.class, RescanBenchCommand.class, FootprintBenchCommand.class},
    mixinStandardHelpOptions = true)
final class BenchCommand {}
