/**
 * Many small records in little memory: {@link io.patina.packing.PackedRecords} keeps them in blocks
 * of compressed bytes, with the first record of each block as its index; {@link
 * io.patina.packing.SortedRecords} takes them in any order and gives them back sorted, as
 * compressed runs that are merged.
 *
 * <p>Blocks are in memory or on {@link io.patina.packing.Scratch}. A host's facts in flat bytes
 * cost twice as much, as objects ten times.
 */
@NullMarked
package io.patina.packing;

import org.jspecify.annotations.NullMarked;
