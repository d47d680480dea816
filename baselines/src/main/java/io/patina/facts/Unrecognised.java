package io.patina.facts;

/** A fact of a facet that this version does not know: kept and compared as it is, never dropped. */
public record Unrecognised(FactKey key, Attributes attributes) implements Fact {}
