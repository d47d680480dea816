package io.patina.collector.units;

/**
 * What the manager says of a unit it has in memory.
 *
 * @param load the property LoadState, such as "not-found"
 * @param active the property ActiveState, such as "failed"
 * @param sub the property SubState, whose words depend on the type of unit
 * @param isTransient made at run time by a program
 * @param needsReload its files changed since they were read
 */
record RunState(String load, String active, String sub, boolean isTransient, boolean needsReload) {}
