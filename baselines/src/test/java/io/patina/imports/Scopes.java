package io.patina.imports;

import io.patina.scope.InvalidScopeException;
import io.patina.scope.Scope;
import io.patina.scope.ScopeFile;

/** Scopes for tests of imports. */
public final class Scopes {
  private Scopes() {}

  /** Everything that a scope can name. */
  public static Scope everything() {
    try {
      return ScopeFile.parse(
          """
          name: everything
          include: [/**]
          attributes:
            - glob: /**
              names: [type, mode, uid, gid, size, sha256, md5, target, device, flags, capability,
                      selinux, acl, acl-default, xattrs, verity]
          sysctls: ["**"]
          """);
    } catch (InvalidScopeException e) {
      throw new IllegalStateException(e);
    }
  }
}
