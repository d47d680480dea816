package io.patina.collector.shipped;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeclaredFilesTest {

  private static boolean declared(String path) {
    return DeclaredFiles.standard().rule(ByteString.copyFromUtf8(path)).isPresent();
  }

  @Test
  void generatedFilesAreDeclaredAndWhatPeopleLeaveBehindIsNot() {
    assertTrue(declared("/etc/ld.so.cache"));
    assertTrue(declared("/usr/lib/python3/dist-packages/apt/__pycache__/x.cpython-311.pyc"));
    assertTrue(declared("/etc/machine-id"));
    assertFalse(declared("/usr/lib/python3/dist-packages/apt/__pycache__/hidden.so"));
    assertFalse(declared("/etc/ssh/sshd_config.dpkg-old"));
    assertFalse(declared("/etc/ssh/sshd_config.dpkg-dist"));
    assertFalse(declared("/etc/sudoers.d/me"));
    assertFalse(declared("/usr/local/bin/tool"));
    assertFalse(declared("/etc/cron.d/job"));
    assertFalse(declared("/etc/ld.so.preload"));
  }

  @Test
  void everyDeclarationSaysWhy() {
    assertTrue(DeclaredFiles.standard().rules().stream().allMatch(r -> r.reason().length() > 10));
  }

  @Test
  void aDeclarationWithoutReasonOrWithAnUnknownWordIsRefused() {
    for (String rule :
        List.of(
            "{paths: [/a], keep: ignored}",
            "{paths: [/a], keep: whatever, reason: none}",
            "{paths: [/a], keep: ignored, when: links-to-owned, reason: none}",
            "{paths: [/a], keep: as-found, when: full-moon, reason: none}")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> DeclaredFiles.parse("exhaustive: []\ndeclared: [" + rule + "]"),
          rule);
    }
  }

  @Test
  void onlyWhatAPresetNamesIsEnabledByIt() {
    Presets presets =
        Presets.parse(
            List.of(
                "# comment\nenable getty@.service\ndisable ssh.*\n",
                "enable ssh.service\nenable *\n"));

    assertTrue(presets.enable("getty@tty1.service"));
    assertFalse(presets.enable("ssh.service"));
    assertFalse(presets.enable("cron.service"));
    assertEquals(0, presets.unusable());
  }
}
