package io.patina.collector.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OsReleaseTest {
  @Test
  void quotingIsThatOfAShellAndTheLastAssignmentWins() {
    assertEquals(
        Map.of(
            "NAME", "Fedora Linux",
            "ID", "fedora",
            "OSTREE_VERSION", "37.20230126.20.0",
            "PRETTY_NAME", "a \"quoted\" $name",
            "EMPTY", "",
            "X_UNKNOWN", "kept"),
        OsRelease.parse(
            """
            NAME="Fedora Linux"
            ID=first
            ID=fedora
            # VERSION="20241112"
            OSTREE_VERSION='37.20230126.20.0'
            PRETTY_NAME="a \\"quoted\\" \\$name"
            EMPTY=
            X_UNKNOWN=kept
            no assignment
            9BAD=x
            """));
  }
}
