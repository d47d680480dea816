package io.patina.imports.archives;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;

/**
 * One header of a tar archive, extensions applied.
 *
 * @param number counted from 1, extension headers not counted
 * @param path as it stands in the archive
 * @param link target of a hard or symbolic link, as it stands
 * @param type the type flag; {@code 0} for every regular file
 * @param size of the file in bytes, holes included
 * @param stored bytes of content in the archive
 * @param data the pieces of a sparse file as offset and length; the one piece of another file
 * @param records the extended records that are none of the above
 */
record TarEntry(
    long number,
    ByteString path,
    ByteString link,
    char type,
    int mode,
    long uid,
    long gid,
    long size,
    long stored,
    long major,
    long minor,
    List<long[]> data,
    Map<String, ByteString> records) {

  static final char REGULAR = '0';
  static final char HARD_LINK = '1';
  static final char LINK = '2';
  static final char CHARACTER = '3';
  static final char BLOCK = '4';
  static final char DIRECTORY = '5';
  static final char FIFO = '6';
}
