package io.watchgate.audit;

import static io.watchgate.audit.MerkleTreeTest.INPUTS;
import static io.watchgate.audit.MerkleTreeTest.ROOTS;
import static io.watchgate.audit.MerkleTreeTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InclusionPathTest {
  private static List<byte[]> path(int index, int size) {
    var tree = new MerkleTree();
    INPUTS.subList(0, index).forEach(input -> tree.append(bytes(input)));
    var path = new InclusionPath(tree);
    INPUTS.subList(index + 1, size).forEach(input -> path.append(bytes(input)));
    return path.hashes();
  }

  private static List<String> hex(int index, int size) {
    return path(index, size).stream().map(Sha256::hex).toList();
  }

  /// As Certificate Transparency's implementations have them.
  @Test
  void pathsAreThoseOfCertificateTransparency() {
    assertThat(hex(0, 1)).isEmpty();
    assertThat(hex(0, 2))
        .containsExactly("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
    assertThat(hex(1, 2))
        .containsExactly("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    assertThat(hex(2, 3))
        .containsExactly("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    assertThat(hex(1, 5))
        .containsExactly(
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
    assertThat(hex(0, 8))
        .containsExactly(
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
    assertThat(hex(5, 8))
        .containsExactly(
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
  }

  @Test
  void everyPathLeadsToTheRootFromItsPlaceOnly() {
    for (int size = 1; size <= INPUTS.size(); size++) {
      for (int index = 0; index < size; index++) {
        for (int claimed = 0; claimed < size; claimed++) {
          boolean leads = leads(claimed, size, bytes(INPUTS.get(index)), path(index, size));
          assertThat(leads).isEqualTo(claimed == index);
        }
      }
    }
  }

  @Test
  void noOtherPathAndNoOtherLineLeadsToTheRoot() {
    var path = path(5, 8);
    for (int i = 0; i < path.size(); i++) {
      var other = new ArrayList<>(path);
      other.set(i, new byte[Sha256.LENGTH]);
      assertThat(leads(5, 8, bytes(INPUTS.get(5)), other)).isFalse();
      other.remove(i);
      assertThat(leads(5, 8, bytes(INPUTS.get(5)), other)).isFalse();
    }
    assertThat(leads(5, 8, bytes(INPUTS.get(4)), path)).isFalse();
    path.add(new byte[Sha256.LENGTH]);
    assertThat(leads(5, 8, bytes(INPUTS.get(5)), path)).isFalse();
  }

  private static boolean leads(long index, int size, byte[] entry, List<byte[]> path) {
    return InclusionPath.root(index, size, entry, path)
        .filter(root -> Sha256.hex(root).equals(ROOTS.get(size)))
        .isPresent();
  }
}
