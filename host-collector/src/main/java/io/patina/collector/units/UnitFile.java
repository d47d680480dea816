package io.patina.collector.units;

import com.google.protobuf.ByteString;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A unit as the unit directories have it.
 *
 * @param path of the file that counts, the first in systemd's order of directories
 * @param masked whether that is a link to /dev/null, or empty
 * @param aliasOf the unit it is a link to, if it is another
 * @param content the file's bytes; empty for a masked one
 * @param dropIns base name to content, in the order in which they apply
 */
record UnitFile(
    String path,
    boolean masked,
    Optional<String> aliasOf,
    ByteString content,
    SortedMap<String, ByteString> dropIns) {

  UnitText text() {
    UnitText text = new UnitText().read(content.toStringUtf8());
    dropIns.values().forEach(d -> text.read(d.toStringUtf8()));
    return text;
  }
}
