package io.patina.endtoend.hosts;

import java.util.ArrayList;
import java.util.List;

/**
 * A login session on a host: the control group that logind opens for it, and the login uid that PAM
 * sets. Only they themselves are missing.
 *
 * @param number of the session
 * @param user login uid
 */
public record Session(int number, int user) {

  /** The command that runs a program in it. */
  public List<String> running(String... program) {
    String group =
        "/sys/fs/cgroup/systemd/user.slice/user-" + user + ".slice/session-" + number + ".scope";
    List<String> command =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "mkdir -p "
                    + group
                    + " && echo $$ > "
                    + group
                    + "/cgroup.procs && echo "
                    + user
                    + " > /proc/self/loginuid && \"$@\"; exit $?",
                "bash"));
    command.addAll(List.of(program));
    return command;
  }
}
