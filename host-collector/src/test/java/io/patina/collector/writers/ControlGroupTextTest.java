package io.patina.collector.writers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ControlGroupTextTest {
  private static final String ID = "0123456789abcdef".repeat(4);

  private static void place(String unit, String container, String text) {
    place(unit, container, "", text);
  }

  private static void place(String unit, String container, String pod, String text) {
    assertEquals(new ControlGroupText.Place(unit, container, pod), ControlGroupText.parse(text));
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
  void podsAreKnownByTheirUidHoweverItIsWritten() {
    String uid = "9f1b2c3d-0000-4000-8000-00000000abcd";
    String slice = uid.replace('-', '_');
    place(
        "cri-containerd-" + ID + ".scope",
        ID,
        uid,
        "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod"
            + slice
            + ".slice/cri-containerd-"
            + ID
            + ".scope\n");
    place("", ID, uid, "0::/kubepods/besteffort/pod" + uid + "/" + ID + "\n");
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
