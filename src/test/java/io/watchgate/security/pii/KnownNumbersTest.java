package io.watchgate.security.pii;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Numbers that those who give them out, or write about them, show as examples.
class KnownNumbersTest {
  private static final PersonalData DETECTOR = PersonalDataTest.all(false);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          uk_nhs            | NHS number: 943 476 5870
          uk_utr            | UTR 1955839661
          uk_nino           | JG103759A
          ie_pps            | 6433435F
          de_steuer_id      | Steuer-ID 36574261809
          de_steuer_id      | 86 095 742 719
          at_svnr           | SVNR 1237 010180
          ch_ahv            | 756.9217.0769.85
          ch_ahv            | 7569217076985
          fr_nir            | 295109912611193
          fr_nir            | 2 95 10 99 126 111 93
          es_dni            | 12345678Z
          es_dni            | 54362315-K
          es_dni            | X2482300W
          es_cif            | CIF J99216582
          pt_nif            | NIF 501964843
          it_codice_fiscale | RCCMNL83S18D969H
          it_partita_iva    | partita IVA 00743110157
          nl_bsn            | BSN: 111222333
          be_rijksregister  | 85.07.30-033.28
          be_rijksregister  | 85073003328
          se_personnummer   | 880320-0016
          no_fodselsnummer  | 151086 95088
          dk_cpr            | 211062-5629
          fi_hetu           | 131052-308T
          fi_hetu           | 131052A308T
          pl_pesel          | PESEL 44051401359
          pl_nip            | 856-734-62-15
          cz_rodne_cislo    | 710319/2745
          ro_cnp            | CNP 1630615123457
          bg_egn            | ЕГН 7523169263
          gr_afm            | ΑΦΜ 094259216
          gr_amka           | ΑΜΚΑ 01013099997
          hr_oib            | OIB 33392005961
          ee_lt_kood        | isikukood 36805280109
          lv_kods           | personas kods 161175-19997
          ru_snils          | 112-233-445 95
          ru_inn            | ИНН 500100732259
          ru_inn            | ИНН 7830002293
          ua_rnokpp         | ІПН 1759013776
          tr_tckn           | TC kimlik no: 10000000146
          il_tz             | teudat zehut 039337423
          za_id             | South African ID 7503305044089
          ae_emirates_id    | 784-1984-1234567-4
          us_mbi            | 1EG4-TE5-MK73
          us_itin           | 912-90-3456
          ca_sin            | 123-456-782
          br_cpf            | 390.533.447-05
          br_cnpj           | 16.727.230/0001-97
          ar_cuit           | 20-05536168-2
          cl_rut            | 12.531.909-2
          mx_curp           | BOXW310820HNERXN09
          mx_rfc            | GODE561231GR8
          in_aadhaar        | Aadhaar 2341 2341 2346
          in_pan            | ACUPA7085R
          cn_resident_id    | 360426199101010071
          tw_id             | A123456789
          hk_id             | A123456(3)
          sg_nric           | S1234567D
          my_mykad          | 770305-02-1234
          th_id             | 1-2345-45678-78-1
          kr_rrn            | 820701-1409184
          au_tfn            | TFN 123 456 782
          au_abn            | 83 914 571 673
          au_acn            | ACN 004 085 616
          nz_ird            | IRD 49-091-850
          nz_ird            | IRD 136410132
          credit_card       | 378282246310005
          credit_card       | 30569309025904
          credit_card       | 3530111333300000
          credit_card       | 6011111111111117
          credit_card       | 6200000000000005
          credit_card       | 6759649826438453
          iban              | NO9386011117947
          iban              | MT84MALT011000012345MTLCAST001S
          iban              | FR14 2004 1010 0505 0001 3M02 606
          """)
  void examplesOfThoseWhoGiveThemOutAreFound(String type, String text) {
    assertThat(DETECTOR.find(text)).extracting("type").containsExactly(type);
  }
}
