package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealKeyTest {
  private static final byte[] CONTENT = {1, 2, 3};

  @TempDir private Path directory;

  private SealKey key() {
    return SealKey.of(Map.of("XDG_STATE_HOME", directory.resolve("state").toString()), "/none");
  }

  private Path file() {
    return directory.resolve("state/watchgate/seal.key");
  }

  @Test
  void keyIsMadeOnceForItsOwnerAlone() throws IOException {
    var token = key().seal().seal("purpose", CONTENT);
    assertThat(Files.readAllBytes(file())).hasSize(32);
    assertThat(permissions(file())).isEqualTo("rw-------");
    var parent = directory.resolve("state/watchgate");
    assertThat(permissions(parent)).isEqualTo("rwx------");
    assertThat(parent).isDirectoryNotContaining("glob:**draft");
    assertThat(key().seal().open("purpose", token)).hasValue(CONTENT);
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void homeHasThePlaceWhereTheEnvironmentNamesNone() throws IOException {
    SealKey.of(Map.of("XDG_STATE_HOME", "relative"), directory.toString()).seal();
    assertThat(directory.resolve(".local/state/watchgate/seal.key")).hasSize(32);
  }

  @Test
  void gatewaysThatStartTogetherShareOneKey() throws Exception {
    var seals = new ArrayList<Future<io.watchgate.flow.Seal>>();
    try (var all = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        seals.add(all.submit(() -> key().seal()));
      }
    }
    var token = seals.getFirst().get().seal("purpose", CONTENT);
    for (var seal : seals) {
      assertThat(seal.get().open("purpose", token)).hasValue(CONTENT);
    }
  }

  @Test
  void keyThatOthersCanReadIsRefused() throws IOException {
    key().seal();
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> key().seal())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chmod 600 " + file());
  }

  @Test
  void keyOfAnotherSizeIsRefused() throws IOException {
    key().seal();
    Files.write(file(), CONTENT);
    assertThatThrownBy(() -> key().seal())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has 3 bytes, not 32");
  }

  @Test
  void gatewayRunsWithAKeyOfItsOwnWhereNoneCanBeKept() throws IOException {
    Files.writeString(directory.resolve("state"), "a file where a directory should be");
    var token = key().seal().seal("purpose", CONTENT);
    assertThat(key().seal().open("purpose", token)).isEmpty();
    assertThat(directory.resolve("state")).isRegularFile();
  }
}
