package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
  /// The inputs and roots that Certificate Transparency's implementations test themselves with.
  static final List<String> INPUTS =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");

  static final List<String> ROOTS =
      List.of(
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @Test
  void rootsAreThoseOfCertificateTransparency() {
    var tree = new MerkleTree();
    for (int size = 0; size <= INPUTS.size(); size++) {
      assertThat(tree.size()).isEqualTo(size);
      assertThat(Sha256.hex(tree.root())).isEqualTo(ROOTS.get(size));
      if (size < INPUTS.size()) {
        tree.append(bytes(INPUTS.get(size)));
      }
    }
  }

  @Test
  void treeGoesOnFromItsNodesAtEverySize() {
    for (int cut = 0; cut <= INPUTS.size(); cut++) {
      var before = new MerkleTree();
      INPUTS.subList(0, cut).forEach(input -> before.append(bytes(input)));
      var after = MerkleTree.of(before.size(), before.nodes());
      INPUTS.subList(cut, INPUTS.size()).forEach(input -> after.append(bytes(input)));
      assertThat(Sha256.hex(after.root())).isEqualTo(ROOTS.getLast());
      assertThat(before.nodes()).hasSize(Integer.bitCount(cut));
    }
  }

  @Test
  void aTreeHasAsManyNodesAsItsSizeHasBits() {
    var node = List.of(new byte[Sha256.LENGTH]);
    assertThat(MerkleTree.of(4, node).size()).isEqualTo(4);
    assertThatThrownBy(() -> MerkleTree.of(3, node)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MerkleTree.of(-1, node)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MerkleTree.of(1, List.of(new byte[3])))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
