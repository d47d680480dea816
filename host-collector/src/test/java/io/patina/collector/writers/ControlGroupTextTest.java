package io.patina.collector.writers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ControlGroupTextTest {
  private static final String ID = "0123456789abcdef".repeat(4);

  private static void place(String unit, String container, String text) {
    assertEquals(new ControlGroupText.Place(unit, container), ControlGroupText.parse(text));
  }

  @Test
  void unitsAreNamedByTheInnermost() {
    place("ssh.service", "", "0::/system.slice/ssh.service\n");
    place("session-3.scope", "", "0::/user.slice/user-1000.slice/session-3.scope\n");
    place(
        "vim.service",
        "",
        "0::/user.slice/user-1000.slice/user@1000.service/app.slice/vim.service\n");
    place("init.scope", "", "12:cpu:/\n1:name=systemd:/init.scope\n0::/\n");
  }

  @Test
  void containersAreKnownByTheirId() {
    place("docker-" + ID + ".scope", ID, "0::/system.slice/docker-" + ID + ".scope\n");
    place("", ID, "4:memory:/x\n1:name=systemd:/docker/" + ID + "\n");
    place(
        "cri-containerd-" + ID + ".scope",
        ID,
        "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + ID + ".scope\n");
    place("", ID, "0::/kubepods/besteffort/pod9f1/" + ID + "\n");
    place("", "web", "0::/lxc.payload.web/x\n");
    place("machine-deb.scope", "deb", "0::/machine.slice/machine-deb.scope\n");
  }

  @Test
  void whateverStandsThereNothingElseComesOut() {
    place("", "", "");
    place("", "", "0::/\n");
    place("", "", "no form at all\n::::\n0:");
    place("", "", "0::/system.slice/<b>.service\n");
    place("", "", "0::/system.slice/\u0000\u001b[31m.service\n");
  }
}
