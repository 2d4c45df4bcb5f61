package io.watchgate.jsonrpc;

import java.util.stream.Stream;

/// Documents that must be accepted or refused, in the manner of the known JSON test suites.
final class JsonCases {
  private static final String VALID =
      """
      0~-0~1~-1~10~1.0~0.5~-0.5~1e3~1E3~1e+3~1e-3~0e0~0.0E-0~1E400~-1E-400~0.1000~\
      9007199254740993~123456789012345678901234567890~true~false~null~""~"a"~{}~[]~ {} ~\
      \t[\r\n]\n~[1]~[1,2]~[[]]~[{}]~{"":0}~{"a":1,"b":2}~{ "a" : { } , "A" : [ ] }~\
      [null,true,false,0,"",[],{}]~{"a":{"a":{"a":1}}}~[{"a":1},{"a":1}]~\
      "\\"\\\\\\/\\b\\f\\n\\r\\t"~"\\u0000\\uFFFF\\uabCD"~"\u007f\u0080\u00ad\uFEFF"~\
      "\\ud83d\\ude00"~"\\ud800"~"\\udc00\\ud800"~"\\ud800x"~"\uD83D\uDE00\"\
      """;

  private static final String INVALID =
      """
      ~ ~\n~-~+1~01~-01~00~1.~.5~-.5~1.e3~1e~1e+~1E-~1.2.3~1e1e1~1e1.5~0x10~1_0~--1~-a~\
      Infinity~-Infinity~NaN~1a~tru~truE~True~TRUE~truee~nul~nil~fals~undefined~t~f~n~"~\
      "a~'a'~a~"\\"~"\\~"\\x41"~"\\a"~"\\U0041"~"\\'"~"\\u"~"\\u12"~"\\u123"~"\\u123g"~\
      "\\u+123"~"\\u\uFF11234"~"\\ud800\\u"~"\\u123~"\n"~"\t"~"\r"~"\u0000"~"\37"~\
      "\\\u0000"~{~}~[~]~[1~[1,~[1,]~[,1]~[,]~[1,,2]~[1 2]~[1:2]~[1}~{1}~{1:1}~{a:1}~\
      {'a':1}~{"a"}~{"a":}~{"a":1~{"a":1,~{"a":1,}~{,}~{,"a":1}~{"a" 1}~{"a",1}~{"a"::1}~\
      {"a":1]~{"a":1 "b":2}~{"a":1;"b":2}~{null:1}~{"a":1}}~{}{}~{} {}~1 2~[]]~[],~{}x~\
      {}\u0000~\u0000~\u0000{}~\0131~\f1~\u00a01~1\u00a0~[1\u00a0]~\uFEFF{}~\uFEFF~\
      // no\n1~1 // no~/* no */ 1~[1,#\n2]~<a/>~\\u0031~{"a":b}~["a", 4, 5~[a~["~{"a~\
      {"a":"a\
      """;

  private static final String EDGES_OF_UTF8 =
      """
      7f~c280~dfbf~e0a080~ec bfbf~ed 9fbf~ee8080~efbfbf~efbbbf~f0908080~f3bfbfbf~f48fbfbf\
      """;

  private static final String ILL_FORMED_UTF8 =
      """
      80~bf~c0 80~c1 bf~e0 80 80~e0 9f bf~f0 80 80 80~f0 8f bf bf~ed a0 80~ed bf bf~\
      ed a0 80 ed b0 80~f4 90 80 80~f5 80 80 80~f8 88 80 80 80~fc 84 80 80 80 80~fe~ff~c2~\
      e0~e0 a0~f0~f0 90~f0 90 80~c2 41~e1 80 41~f1 80 80 41~c2 c2 80~e1 c2 80~f1 80 c2 80~\
      41 80~e1 80 c0~e9~fe ff\
      """;

  private JsonCases() {}

  /// JSON as RFC 8259 defines it.
  static Stream<String> valid() {
    return Stream.of(VALID.split("~", -1));
  }

  /// What is no JSON, by the part of the grammar it breaks.
  static Stream<String> invalid() {
    return Stream.of(INVALID.split("~", -1));
  }

  /// The first and last sequences of each form, in hexadecimal.
  static Stream<String> edgesOfUtf8() {
    return Stream.of(EDGES_OF_UTF8.split("~", -1));
  }

  /// Overlong, surrogates, above U+10FFFF and cut, in hexadecimal.
  static Stream<String> illFormedUtf8() {
    return Stream.of(ILL_FORMED_UTF8.split("~", -1));
  }
}
