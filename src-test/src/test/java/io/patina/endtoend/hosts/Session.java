package io.patina.endtoend.hosts;

import java.util.ArrayList;
import java.util.List;

/**
 * A login session on a host: the scope that logind opens for it, and the login uid that PAM sets.
 *
 * @param number of the session
 * @param user login uid
 */
public record Session(int number, int user) {

  /** The command that runs a program in it. */
  public List<String> running(String... program) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "systemd-run",
                "--scope",
                "--quiet",
                "--collect",
                "--slice=user-" + user + ".slice",
                "--unit=session-" + number,
                "sh",
                "-c",
                "echo " + user + " > /proc/self/loginuid; \"$@\"; exit $?",
                "bash"));
    command.addAll(List.of(program));
    return command;
  }
}
