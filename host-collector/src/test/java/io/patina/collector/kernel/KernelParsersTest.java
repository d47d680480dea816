package io.patina.collector.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelParsersTest {
  @Test
  void aConfigurationStatesWhatIsSetAndWhatIsNot() {
    KernelConfig config =
        KernelConfig.parse(
            """
            #
            # Linux/x86 6.1.55 Kernel Configuration
            #
            CONFIG_64BIT=y
            CONFIG_EXT4_FS=m
            # CONFIG_KEXEC is not set
            CONFIG_LOCALVERSION="-x"
            """);
    assertEquals("6.1.55", config.version().orElseThrow());
    assertEquals(
        Map.of(
            "CONFIG_64BIT", "y",
            "CONFIG_EXT4_FS", "m",
            "CONFIG_KEXEC", "n",
            "CONFIG_LOCALVERSION", "\"-x\""),
        config.values());
    assertTrue(config.suits("6.1.0-13-amd64", true));
    assertFalse(config.suits("6.1.0-13-amd64", false));
    assertTrue(config.suits("6.1.55-custom", false));
    assertFalse(config.suits("6.6.1", true));
  }

  @Test
  void secretsOnTheCommandLineAreLeftOut() {
    assertEquals(
        "root=/dev/sda1 quiet luks.passphrase=(redacted) ignition.config.url=https://(redacted)@h/x?(redacted)"
            + " k3s.token=(redacted) dyndbg=\"file a.c +p\" console=ttyS0 systemd.journald=x",
        CommandLine.redact(
            "root=/dev/sda1 quiet luks.passphrase=hunter2 ignition.config.url=https://u:p@h/x?sig=abc"
                + " k3s.token=\"a b\" dyndbg=\"file a.c +p\" console=ttyS0 systemd.journald=x\n"));
  }
}
