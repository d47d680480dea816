package io.patina.endtoend.hosts;

import java.io.IOException;
import java.util.List;

/**
 * A container of a pod on a host: run by crun, with the control group that the kubelet makes for a
 * burstable pod under containerd and the bundle where containerd keeps it. Only the kubelet and
 * containerd themselves are missing.
 *
 * @param uid the pod's, with dashes
 * @param id of the container, 64 hexadecimal digits
 */
public record Pod(String namespace, String name, String uid, String id, String image) {

  private static final String TASKS = "/run/containerd/io.containerd.runtime.v2.task/k8s.io/";

  /**
   * The command that runs a shell script in it; the host's root is mounted at {@code /host}, and
   * its {@code /run} is the host's.
   */
  public List<String> running(CollectingHost host, String script)
      throws IOException, InterruptedException {
    String unused = host.host().run("mkdir", "-p", logs(), group());
    for (String directory : List.of("dev", "etc", "host", "proc", "usr")) {
      String unused2 = host.host().run("mkdir", "-p", bundle() + "/rootfs/" + directory);
    }
    for (String link : List.of("bin", "lib", "lib64", "sbin")) {
      String unused3 = host.host().run("ln", "-sfn", "usr/" + link, bundle() + "/rootfs/" + link);
    }
    String unused4 = host.host().run("ln", "-sfn", "host/run", bundle() + "/rootfs/run");
    host.put(bundle() + "/config.json", config(script));
    return inGroup("exec crun --cgroup-manager=disabled run -b " + bundle() + " " + id);
  }

  /**
   * The command that runs a shell script on the host as one that has come from the pod by nsenter.
   */
  public List<String> entering(CollectingHost host, String script)
      throws IOException, InterruptedException {
    String unused = host.host().run("mkdir", "-p", logs(), group());
    return inGroup(script);
  }

  private List<String> inGroup(String script) {
    return List.of("sh", "-c", "echo $$ > " + group() + "/cgroup.procs; " + script);
  }

  private String logs() {
    return "/var/log/pods/" + namespace + "_" + name + "_" + uid;
  }

  private String bundle() {
    return TASKS + id;
  }

  private String group() {
    return "/sys/fs/cgroup/systemd/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod"
        + uid.replace('-', '_')
        + ".slice/cri-containerd-"
        + id
        + ".scope";
  }

  private String config(String script) {
    return """
        {"ociVersion": "1.0.0",
         "process": {"user": {"uid": 0, "gid": 0}, "cwd": "/", "noNewPrivileges": true,
          "args": ["sh", "-c", "%s"], "env": ["PATH=/usr/sbin:/usr/bin"],
          "capabilities": {"bounding": [%s], "effective": [%s], "permitted": [%s]}},
         "root": {"path": "rootfs"},
         "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
          {"destination": "/usr", "type": "bind", "source": "/usr", "options": ["rbind", "ro"]},
          {"destination": "/host", "type": "bind", "source": "/", "options": ["rbind", "rw"]}],
         "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}]},
         "annotations": {"io.kubernetes.cri.container-type": "container",
          "io.kubernetes.cri.container-name": "main",
          "io.kubernetes.cri.image-name": "%s"}}
        """
        .formatted(script, CAPABILITIES, CAPABILITIES, CAPABILITIES, image);
  }

  private static final String CAPABILITIES = "\"CAP_SYS_CHROOT\", \"CAP_DAC_OVERRIDE\"";
}
