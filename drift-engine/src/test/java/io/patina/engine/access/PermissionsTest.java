package io.patina.engine.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PermissionsTest {

  @Test
  void theDocumentedTableIsTheOneThatDecides() throws Exception {
    String page = Files.readString(Path.of("../docs/access.md"));
    assertTrue(
        page.contains(Permissions.table()), "docs/access.md should hold:\n" + Permissions.table());
  }

  @Test
  void whatIsWrittenAndNotListedIsForTheKeeperOnly() {
    assertEquals(Set.of(), Permissions.needed("POST", "/api/v1/forgotten"));
    assertEquals(Set.of(), Permissions.needed("DELETE", "/api/v1/hosts"));
    Caller all = new Caller("alice", Caller.Means.TOKEN, Set.of(Role.values()));
    assertFalse(Permissions.allows(all, "POST", "/api/v1/forgotten"));
    assertFalse(Permissions.allows(all, "POST", "/api/v1/tokens"));
    Caller keeper = new Caller("token-file", Caller.Means.TOKEN_FILE, Set.of());
    assertTrue(Permissions.allows(keeper, "POST", "/api/v1/tokens"));
    assertFalse(Permissions.allows(keeper, "POST", "/api/v1/baselines/a/1/approval"));
  }

  @Test
  void anEncodedOrDoubledSlashReachesNoLesserRule() {
    assertEquals(Set.of(), Permissions.needed("GET", "/api/v1/tokens/"));
    assertEquals(Set.of(), Permissions.needed("POST", "/api/v1//tokens"));
    assertEquals(Set.of(), Permissions.needed("POST", "/api/v1/baselines/a/b/c/approval"));
    assertEquals(Set.of(Role.AUDITOR), Permissions.needed("HEAD", "/api/v1/audit"));
    for (String roundabout : AccessIT.ROUNDABOUT) {
      assertEquals(Set.of(), Permissions.needed("GET", roundabout), roundabout);
    }
    assertTrue(Permissions.needed("GET", "/baselines/a%20b/1").contains(Role.VIEWER));
    // Where a parameter of a segment ends depends on who reads: before or after the escape.
    assertTrue(Permissions.needed("GET", "/api/v1/audit;a%2Fb").isEmpty());
    assertTrue(Permissions.needed("GET", "/api/v1/tokens;a%2Fb").isEmpty());
  }

  @Test
  void anAgentReadsNothingOfOthers() {
    Caller agent = new Caller("host-1", Caller.Means.TOKEN, Set.of(Role.AGENT));
    assertTrue(Permissions.allows(agent, "GET", "/api/v1/me"));
    for (String path : Set.of("/", "/api/v1/hosts", "/hosts", "/metrics", "/api/v1/audit")) {
      assertFalse(Permissions.allows(agent, "GET", path), path);
    }
  }
}
