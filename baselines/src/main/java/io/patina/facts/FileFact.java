package io.patina.facts;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A file, directory, link or special file.
 *
 * <p>Key: the absolute path inside the observed root, raw bytes. Attributes: {@code type} ({@link
 * #TYPES}), {@code mode} (four octal digits, set-id and sticky bits included), {@code uid}, {@code
 * gid}, {@code size} (bytes, decimal; regular files), {@code sha256} and on request {@code md5}
 * (raw digests; regular files), {@code target} (links, raw), {@code device} (major:minor; devices),
 * {@code flags} ({@code immutable}, {@code append}), security attributes and ACLs as raw values.
 * {@code flags} and {@code capability} of a regular file are stated as empty where they were looked
 * for and there are none; likewise {@code acl} of all but links, {@code acl-default} of
 * directories, and {@code verity}, the fs-verity digest of a regular file (32 bytes SHA-256, 64
 * bytes SHA-512).
 */
public record FileFact(FactKey key, Attributes attributes) implements Fact {

  public static final String REGULAR = "file";
  public static final String DIRECTORY = "directory";
  public static final String LINK = "link";

  /** All values of {@code type}. */
  public static final Set<String> TYPES =
      Set.of(REGULAR, DIRECTORY, LINK, "fifo", "socket", "char", "block");

  private static final Pattern MODE = Pattern.compile("[0-7]{4}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,19}");
  private static final Pattern DEVICE = Pattern.compile("[0-9]{1,10}:[0-9]{1,10}");

  public FileFact {
    Form.facet(key, Facet.FILE);
    if (key.name().byteAt(0) != '/') {
      throw new IllegalArgumentException("a file's key is an absolute path, not " + key);
    }
    Form.oneOf(attributes, Attributes.TYPE, TYPES);
    Form.text(attributes, Attributes.MODE, MODE);
    Form.text(attributes, Attributes.UID, NUMBER);
    Form.text(attributes, Attributes.GID, NUMBER);
    Form.text(attributes, Attributes.SIZE, NUMBER);
    Form.text(attributes, Attributes.DEVICE, DEVICE);
    Form.size(attributes, Attributes.SHA256, 32);
    Form.size(attributes, Attributes.MD5, 16);
  }

  /** One of {@link #TYPES}; empty if not stated. */
  public Optional<String> type() {
    return attributes.shown(Attributes.TYPE);
  }
}
