package io.patina.collector.rpm;

/** Tag numbers and flag bits that are read here (rpmtag.h, rpmfiles.h, rpmvf.h). */
final class Tags {
  static final int SHA1_HEADER = 269;
  static final int RSA_HEADER = 268;
  static final int DSA_HEADER = 267;
  static final int SHA256_HEADER = 273;
  static final int NAME = 1000;
  static final int VERSION = 1001;
  static final int RELEASE = 1002;
  static final int EPOCH = 1003;
  static final int VENDOR = 1011;
  static final int ARCH = 1022;
  static final int OLD_FILENAMES = 1027;
  static final int FILE_SIZES = 1028;
  static final int FILE_STATES = 1029;
  static final int FILE_MODES = 1030;
  static final int FILE_RDEVS = 1033;
  static final int FILE_DIGESTS = 1035;
  static final int FILE_LINKS = 1036;
  static final int FILE_FLAGS = 1037;
  static final int FILE_USERS = 1039;
  static final int FILE_GROUPS = 1040;
  static final int FILE_VERIFY_FLAGS = 1045;
  static final int DIR_INDEXES = 1116;
  static final int BASENAMES = 1117;
  static final int DIR_NAMES = 1118;
  static final int LONG_FILE_SIZES = 5008;
  static final int FILE_CAPS = 5010;
  static final int FILE_DIGEST_ALGORITHM = 5011;

  static final int FLAG_CONFIG = 1;
  static final int FLAG_DOC = 1 << 1;
  static final int FLAG_MISSING_OK = 1 << 3;
  static final int FLAG_GHOST = 1 << 6;

  static final int VERIFY_DIGEST = 1;
  static final int VERIFY_SIZE = 1 << 1;
  static final int VERIFY_LINK = 1 << 2;
  static final int VERIFY_USER = 1 << 3;
  static final int VERIFY_GROUP = 1 << 4;
  static final int VERIFY_MODE = 1 << 6;
  static final int VERIFY_DEVICE = 1 << 7;
  static final int VERIFY_CAPABILITY = 1 << 8;

  private Tags() {}
}
