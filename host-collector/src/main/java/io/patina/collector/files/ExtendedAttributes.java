package io.patina.collector.files;

import com.google.protobuf.ByteString;
import io.patina.collector.syscalls.Errno;
import io.patina.collector.syscalls.Stat;
import io.patina.collector.syscalls.SystemCalls;
import io.patina.facts.Attributes;
import java.nio.charset.StandardCharsets;

/**
 * Reads the extended attributes that the scope asks for: capability, ACLs, label, others. For one
 * thread.
 *
 * <p>What can be set without any other attribute showing it is stated as empty where it was looked
 * for and there is none: the capability of a regular file, the access ACL of all but links, the
 * default ACL of a directory. Else an ACL that somebody adds to a file would be an attribute that
 * its baseline says nothing of.
 */
final class ExtendedAttributes {
  /** What became of reading them. */
  static final int READ = 0;

  /** One was removed, or the file itself, between being listed and being read. */
  static final int CHANGED = 1;

  /** More of them than this, with the other attributes, would be no fact. */
  private static final int MOST = Attributes.MAX_COUNT - 32;

  private final SystemCalls calls;

  ExtendedAttributes(SystemCalls calls) {
    this.calls = calls;
  }

  /** Where the attributes are: of an open file, or of a name in a directory. */
  private interface Source {
    int list();

    int value(String name);
  }

  /** {@link #READ}, {@link #CHANGED}, or a negated errno. */
  int of(int descriptor, Stat stat, Wanted wanted, Attributes.Builder out) {
    return of(
        new Source() {
          @Override
          public int list() {
            return calls.listAttributes(descriptor);
          }

          @Override
          public int value(String name) {
            return calls.attribute(descriptor, name);
          }
        },
        stat,
        wanted,
        out);
  }

  /** The same for a name in a directory; of a link itself. */
  int of(int directory, byte[] name, Stat stat, Wanted wanted, Attributes.Builder out) {
    return of(
        new Source() {
          @Override
          public int list() {
            return calls.listAttributes(directory, name);
          }

          @Override
          public int value(String attribute) {
            return calls.attribute(directory, name, attribute);
          }
        },
        stat,
        wanted,
        out);
  }

  private int of(Source source, Stat stat, Wanted wanted, Attributes.Builder out) {
    if (!wanted.xattrs()) {
      return READ;
    }
    int length = source.list();
    if (length < 0 && length != -Errno.EOPNOTSUPP) {
      return Reasons.absent(-length) ? CHANGED : length;
    }
    none(stat, wanted, out);
    if (length <= 0) {
      return READ;
    }
    int kept = 0;
    for (String xattr : names(calls.taken(length))) {
      String attribute = wanted.attributeFor(xattr);
      if (!attribute.isEmpty()) {
        if (attribute.length() > Attributes.MAX_NAME || ++kept > MOST) {
          return -Errno.E2BIG;
        }
        int answer = keep(source, xattr, attribute, out);
        if (answer != READ) {
          return answer;
        }
      }
    }
    return READ;
  }

  private static void none(Stat stat, Wanted wanted, Attributes.Builder out) {
    if (wanted.capability() && stat.isRegular()) {
      out.bytes(Wanted.CAPABILITY, ByteString.EMPTY);
    }
    if (wanted.acl() && !stat.isLink()) {
      out.bytes(Wanted.ACL, ByteString.EMPTY);
    }
    if (wanted.defaultAcl() && stat.isDirectory()) {
      out.bytes(Wanted.DEFAULT_ACL, ByteString.EMPTY);
    }
  }

  private int keep(Source source, String xattr, String attribute, Attributes.Builder out) {
    int length = source.value(xattr);
    if (length == -Errno.EOPNOTSUPP) {
      // Listed by the file system, but the kernel has no module that would tell its value.
      return READ;
    }
    if (length < 0) {
      return length == -Errno.ENODATA || Reasons.absent(-length) ? CHANGED : length;
    }
    byte[] value = calls.taken(length);
    // The label is a C string; whether its NUL is stored depends on who wrote it.
    boolean text = attribute.equals(Wanted.SELINUX) && length > 0 && value[length - 1] == 0;
    out.bytes(attribute, ByteString.copyFrom(value, 0, text ? length - 1 : length));
    return READ;
  }

  private static String[] names(byte[] list) {
    return new String(list, StandardCharsets.ISO_8859_1).split("\0");
  }
}
