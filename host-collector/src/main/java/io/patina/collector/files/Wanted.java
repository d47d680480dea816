package io.patina.collector.files;

import io.patina.facts.Attributes;
import java.util.Set;

/** The attributes that a scope asks of a file, as questions answered without a lookup. */
record Wanted(
    boolean type,
    boolean mode,
    boolean uid,
    boolean gid,
    boolean size,
    boolean sha256,
    boolean md5,
    boolean target,
    boolean device,
    boolean flags,
    boolean capability,
    boolean selinux,
    boolean acl,
    boolean defaultAcl,
    boolean otherXattrs,
    boolean verity) {

  static final String CAPABILITY = "capability";
  static final String SELINUX = "selinux";
  static final String ACL = "acl";
  static final String DEFAULT_ACL = "acl-default";
  static final String VERITY = "verity";

  static Wanted of(Set<String> names) {
    return new Wanted(
        names.contains(Attributes.TYPE),
        names.contains(Attributes.MODE),
        names.contains(Attributes.UID),
        names.contains(Attributes.GID),
        names.contains(Attributes.SIZE),
        names.contains(Attributes.SHA256),
        names.contains(Attributes.MD5),
        names.contains(Attributes.TARGET),
        names.contains(Attributes.DEVICE),
        names.contains(Attributes.FLAGS),
        names.contains(CAPABILITY),
        names.contains(SELINUX),
        names.contains(ACL),
        names.contains(DEFAULT_ACL),
        names.contains("xattrs"),
        names.contains(VERITY));
  }

  boolean content() {
    return sha256 || md5;
  }

  boolean xattrs() {
    return capability || selinux || acl || defaultAcl || otherXattrs;
  }

  /** Name of the attribute that holds this extended attribute, or "" if it is not asked for. */
  String attributeFor(String xattr) {
    return switch (xattr) {
      case "security.capability" -> capability ? CAPABILITY : "";
      case "security.selinux" -> selinux ? SELINUX : "";
      case "system.posix_acl_access" -> acl ? ACL : "";
      case "system.posix_acl_default" -> defaultAcl ? DEFAULT_ACL : "";
      // trusted.* is shown to root only: it would make the same file two facts.
      default ->
          otherXattrs && (xattr.startsWith("security.") || xattr.startsWith("user."))
              ? "xattr:" + xattr
              : "";
    };
  }
}
