package io.patina.engine.deviations;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/**
 * By what causes are recognised. Patterns are globs ({@link io.patina.scope.Glob}). A name is that
 * of a process, of the script that it runs, or of one of its ancestors; the nearest that any list
 * knows decides.
 */
@ConfigMapping(prefix = "patina.causes")
public interface CauseConfig {

  /**
   * How long a cause may still change, and its group waits to be told: a package transaction shows
   * in the package database only after the files that it wrote. Longer while one is under way.
   */
  @WithDefault("60s")
  Duration settle();

  /** Deviations of one cause whose onsets are no further apart are one group. */
  @WithDefault("10m")
  Duration together();

  /** Longest that a package transaction may keep causes pending. */
  @WithDefault("2h")
  Duration longestPending();

  /**
   * After so many changes of a fact within {@code volatile-within} it is volatile: one interval,
   * whose further changes are counted and not told. At least 2.
   */
  @WithDefault("20")
  int volatileChanges();

  /** Changes that are further apart do not count together. */
  @WithDefault("24h")
  Duration volatileWithin();

  /** A volatile fact that has stood still for so long is none any more. */
  @WithDefault("2h")
  Duration volatileCalm();

  /** Files whose deviation is told at once, whatever is under way. */
  @WithDefault(
      "/etc/shadow,/etc/gshadow,/etc/sudoers,/etc/sudoers.d/**,/etc/ld.so.preload,"
          + "/etc/pam.d/**,/{root\\,home/*}/.ssh/authorized_keys*")
  List<String> critical();

  /** Names of package managers. */
  @WithDefault(
      "dpkg,dpkg-*,apt,apt-get,aptitude,apt.systemd.dai*,unattended-upgr*,frontend,rpm,rpmdb,dnf,"
          + "dnf-3,dnf5*,dnf-automatic,microdnf,yum,zypper,packagekitd,apk,pacman,emerge,"
          + "update-alternati*")
  List<String> packageManagers();

  /** Names of configuration management. */
  @WithDefault(
      "ansible*,AnsiballZ_*,puppet*,pxp-agent,chef-client*,chef-solo,cinc-client*,salt-minion*,"
          + "salt-call*,salt-ssh,cf-agent,cf-execd,rudder,mgmt")
  List<String> configManagement();

  /** Units of configuration management. */
  @WithDefault(
      "puppet*.service,pxp-agent.service,chef-client*.service,cinc-client*.service,"
          + "salt-minion*.service,ansible-pull*.service,cf-*.service,rudder-agent.service")
  List<String> configManagementUnits();

  /** Names of what provisions a host. */
  @WithDefault(
      "ignition,cloud-init,cloud-init-*,coreos-cloudini*,afterburn,coreos-metadata,"
          + "early-boot-conf*,systemd-firstbo*")
  List<String> provisioning();

  /** Units of what provisions a host. */
  @WithDefault(
      "ignition-*.service,cloud-init*.service,cloud-config.service,cloud-final.service,"
          + "afterburn*.service,coreos-metadata*.service,early-boot-config.service,"
          + "systemd-firstboot.service")
  List<String> provisioningUnits();

  /** Names of what changes the image of the operating system. */
  @WithDefault(
      "update_engine*,rpm-ostree*,ostree*,bootc,transactional-u*,rauc,mender*,swupdate,"
          + "systemd-sysupda*,updog,apiserver-bottl*,machine-config-*")
  List<String> imageUpdates();

  /** Pods ({@code namespace/name}), containers and images that people debug hosts with. */
  @WithDefault(
      "**node-debugger-*,**/debug-*,**-debug,**toolbox*,**/netshoot*,**/busybox:*-debug,"
          + "**/support-tools*")
  List<String> debugContainers();

  /** Names of what runs containers: seen in their control groups, it is no shell on the host. */
  @WithDefault(
      "runc,runc:*,crun,youki,runsc*,conmon*,containerd-shim*,docker-proxy,docker-init,"
          + "systemd-nspawn,lxc-start,lxc-monitord")
  List<String> containerRuntimes();

  /** Names of what only people run. */
  @WithDefault("vi,vim*,nvim,nano,pico,emacs*,ed,joe,jed,mcedit,micro,hx,kak,sudoedit,visudo,vipw")
  List<String> editors();

  /** Units that a login opens. */
  @WithDefault(
      "session-*.scope,user@*.service,app-*.scope,vte-spawn-*.scope,sshd@*.service,ssh@*.service,run-u*.service")
  List<String> sessionUnits();
}
