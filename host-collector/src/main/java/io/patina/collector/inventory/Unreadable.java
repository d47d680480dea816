package io.patina.collector.inventory;

/**
 * A part of a package database that could not be read or understood. The rest of the database still
 * counts, but what this part would have said is unknown, not absent.
 *
 * @param source path inside the root, or package key
 * @param reason as in {@link io.patina.facts.Gap}
 * @param detail one sentence for people
 */
public record Unreadable(String source, String reason, String detail) {}
