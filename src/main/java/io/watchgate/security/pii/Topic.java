package io.watchgate.security.pii;

/// What a word near a number can say of it. Most are countries, for the ids that they give out.
enum Topic {
  /// Something that looks like personal data and is none.
  THING,
  VERSION,
  MONTH,
  PHONE,
  CARD,
  BIRTH,
  PASSPORT,
  LICENCE,
  US,
  CA,
  GB,
  HEALTH,
  DE,
  AT,
  CH,
  FR,
  ES,
  IT,
  PT,
  NL,
  BE,
  IE,
  PL,
  SE,
  NO,
  DK,
  FI,
  EE,
  LT,
  LV,
  CZ,
  HU,
  RO,
  BG,
  GR,
  HR,
  RU,
  UA,
  KZ,
  TR,
  IL,
  ZA,
  AE,
  IN,
  CN,
  TW,
  HK,
  SG,
  MY,
  TH,
  ID,
  KR,
  JP,
  AU,
  NZ,
  BR,
  AR,
  CL,
  MX;

  /// The countries: all that a word for ids in general stands for.
  static final long COUNTRIES = -1L << US.ordinal();

  long bit() {
    return 1L << ordinal();
  }

  static long bits(Topic... topics) {
    long bits = 0;
    for (var topic : topics) {
      bits |= topic.bit();
    }
    return bits;
  }
}
