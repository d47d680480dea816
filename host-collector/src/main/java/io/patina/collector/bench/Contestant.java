package io.patina.collector.bench;

/**
 * One tool and how it is run.
 *
 * @param command for {@code /bin/sh}; its output is thrown away
 * @param note what it does other than the others; empty if nothing
 */
public record Contestant(String name, String command, String note) {}
