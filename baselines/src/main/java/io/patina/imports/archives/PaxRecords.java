package io.patina.imports.archives;

import com.google.protobuf.ByteString;
import io.patina.imports.InvalidImportException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Extended header records of POSIX.1-2001 ({@code LENGTH KEY=VALUE\n}), values as raw bytes: those
 * of extended attributes are no text.
 *
 * @param values the last value of each key
 * @param sparse offsets and lengths of GNU's sparse format 0.0, which repeats its keys
 */
record PaxRecords(Map<String, ByteString> values, List<Long> sparse) {

  /** Largest extended header, in bytes. */
  static final int MAX = 4 << 20;

  static PaxRecords none() {
    return new PaxRecords(Map.of(), List.of());
  }

  static PaxRecords parse(ByteString content, String where) throws InvalidImportException {
    Map<String, ByteString> values = new LinkedHashMap<>();
    List<Long> sparse = new ArrayList<>();
    int at = 0;
    while (at < content.size() && content.byteAt(at) != 0) {
      int start = at;
      long length = 0;
      while (at < content.size() && content.byteAt(at) != ' ') {
        int digit = content.byteAt(at++) - '0';
        if (digit < 0 || digit > 9 || length > MAX) {
          throw malformed(where);
        }
        length = length * 10 + digit;
      }
      long end = start + length;
      if (end <= at + 1 || end > content.size() || content.byteAt((int) end - 1) != '\n') {
        throw malformed(where);
      }
      ByteString record = content.substring(at + 1, (int) end - 1);
      int equals = 0;
      while (equals < record.size() && record.byteAt(equals) != '=') {
        equals++;
      }
      if (equals == 0 || equals == record.size()) {
        throw malformed(where);
      }
      String key = record.substring(0, equals).toStringUtf8();
      ByteString value = record.substring(equals + 1);
      if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
        sparse.add(number(value, where));
      } else {
        values.put(key, value);
      }
      at = (int) end;
    }
    return new PaxRecords(values, sparse);
  }

  /** These over those of a global header. */
  PaxRecords over(PaxRecords global) {
    if (global.values.isEmpty()) {
      return this;
    }
    Map<String, ByteString> all = new LinkedHashMap<>(global.values);
    all.putAll(values);
    return new PaxRecords(all, sparse);
  }

  static long number(ByteString text, String where) throws InvalidImportException {
    try {
      long value = Long.parseLong(text.toStringUtf8());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new InvalidImportException(where + ": a number in an extended header is none", e);
    }
    throw new InvalidImportException(where + ": a number in an extended header is negative");
  }

  private static InvalidImportException malformed(String where) {
    return new InvalidImportException(where + ": an extended header is malformed");
  }
}
