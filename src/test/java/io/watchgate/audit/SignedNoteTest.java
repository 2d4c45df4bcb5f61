package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Against the example keys and notes of Go's `golang.org/x/mod/sumdb/note` and of C2SP.
class SignedNoteTest {
  private static final String SECRET =
      "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
  private static final String VKEY =
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  private static final String TEXT =
      """
      If you think cryptography is the answer to your problem,
      then you don't know what your problem is.
      """;
  private static final String NOTE =
      TEXT
          + """

          — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdng\
          otpRZb6KE6RyyBwJnAM=
          """;

  private static VerifierKey key(String vkey) {
    return VerifierKey.parse(vkey).orElseThrow();
  }

  private static SignedNote note(String text) {
    return SignedNote.parse(text).orElseThrow();
  }

  @Test
  void keyOfGoSignsAsGoDoes() {
    var key = SigningKey.parse(SECRET).orElseThrow();

    assertThat(key.verifier().vkey()).isEqualTo(VKEY);
    assertThat(key.sign(TEXT).encode()).isEqualTo(NOTE);
  }

  @Test
  void notesOfOthersAreVerified() {
    assertThat(key(VKEY).signed(note(NOTE))).isTrue();
    var c2sp =
        """
        This is an example message.

        — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm\
        RKuwHjG1Yu72IneyaQM=
        """;
    var foo = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    assertThat(key(foo).signed(note(c2sp))).isTrue();
    assertThat(key(VKEY).signed(note(c2sp))).isFalse();
  }

  @Test
  void aNoteMayHaveSignaturesOfSeveralKeys() {
    var both =
        NOTE
            + """
            — EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwn\
            WLox33WWd1RvMc+QQ=
            """;
    var enoch = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";

    assertThat(key(VKEY).signed(note(both))).isTrue();
    assertThat(key(enoch).signed(note(both))).isTrue();
    assertThat(note(both).encode()).isEqualTo(both);
  }

  @Test
  void noChangedCharacterIsLeftUnseen() {
    for (int i = 0; i < NOTE.length(); i++) {
      var changed = NOTE.substring(0, i) + (char) (NOTE.charAt(i) ^ 1) + NOTE.substring(i + 1);
      assertThat(SignedNote.parse(changed).filter(key(VKEY)::signed)).as("at %s", i).isEmpty();
    }
  }

  @Test
  void whatIsNoNoteIsNotRead() {
    for (var text :
        List.of("", "\n", TEXT, TEXT + "\n", NOTE.strip(), TEXT + "\n— name\n", NOTE + "more\n")) {
      assertThat(SignedNote.parse(text)).as(text).isEmpty();
    }
  }

  @Test
  void noPartOfAKeyAndNoOtherKeyIsRead() {
    for (int from = 0; from <= VKEY.length(); from++) {
      for (int to = from + 1; to <= VKEY.length(); to++) {
        if (to - from < VKEY.length()) {
          assertThat(VerifierKey.parse(VKEY.substring(from, to))).isEmpty();
        }
      }
    }
    for (int i = 0; i < VKEY.length(); i++) {
      var other = VKEY.substring(0, i) + (char) (VKEY.charAt(i) + 1) + VKEY.substring(i + 1);
      assertThat(VerifierKey.parse(other)).as(other).isEmpty();
    }
    for (int i = 0; i < SECRET.length(); i++) {
      var other = SECRET.substring(0, i) + (char) (SECRET.charAt(i) + 1) + SECRET.substring(i + 1);
      assertThat(SigningKey.parse(other)).as(other).isEmpty();
    }
  }

  @Test
  void keysOfAnotherLengthOrKindAreNotRead() {
    var tooLong = "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==";
    var kind = "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    assertThat(VerifierKey.parse(tooLong)).isEmpty();
    assertThat(VerifierKey.parse(kind)).isEmpty();
  }
}
