package io.watchgate.security.pii;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PersonalDataTest {
  private static final List<String> REGIONS = List.of("US", "GB", "DE", "FR", "IT", "ES");
  private static final PersonalData ALL = all(false);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          write to jane.doe+x@mail.example.co.uk, please  | email           | jane.doe+x@mail.example.co.uk
          <jürgen@bücher.de>                              | email           | jürgen@bücher.de
          call (555) 123-4567 now                         | phone           | (555) 123-4567
          555.123.4567                                    | phone           | 555.123.4567
          555 234 4567                                    | phone           | 555 234 4567
          +44 20 7946 0958                                | phone           | +44 20 7946 0958
          +44 (0)20 7946 0958.                            | phone           | +44 (0)20 7946 0958
          020 7946 0958                                   | phone           | 020 7946 0958
          1-541-754-3010x123                              | phone           | 1-541-754-3010x123
          001-541-754-3010 ext. 55                        | phone           | 001-541-754-3010 ext. 55
          my phone is 5551234567                          | phone           | 5551234567
          0151 12345678                                   | phone           | 0151 12345678
          01 23 45 67 89                                  | phone           | 01 23 45 67 89
          card 4111 1111 1111 1111.                       | credit_card     | 4111 1111 1111 1111
          5555555555554444                                | credit_card     | 5555555555554444
          3782-822463-10005                               | credit_card     | 3782-822463-10005
          2223003122003222                                | credit_card     | 2223003122003222
          iban de89 3704 0044 0532 0130 00                | iban            | de89 3704 0044 0532 0130 00
          GB29NWBK60161331926819                          | iban            | GB29NWBK60161331926819
          from 10.20.30.40:8080                           | ip_address      | 10.20.30.40
          at 2001:db8::1 port                             | ip_address      | 2001:db8::1
          fe80::1ff:fe23:4567:890a%eth2                   | ip_address      | fe80::1ff:fe23:4567:890a%eth2
          ::ffff:192.0.2.128                              | ip_address      | ::ffff:192.0.2.128
          listens on ::1 only                             | ip_address      | ::1
          00:1A:2b:3c:4d:5e                               | mac_address     | 00:1A:2b:3c:4d:5e
          123-45-6789                                     | us_ssn          | 123-45-6789
          my social security number is 123456789          | us_ssn          | 123456789
          123456789 is my SSN                             | us_ssn          | 123456789
          AB 12 34 56 C                                   | uk_nino         | AB 12 34 56 C
          Geburtsdatum: 12.03.1985                        | date_of_birth   | 12.03.1985
          born on March 12th, 1985 in                     | date_of_birth   | March 12th, 1985
          born 3 May 1985                                 | date_of_birth   | 3 May 1985
          born on the 3rd of May, 1985                    | date_of_birth   | 3rd of May, 1985
          nacido el 3 de mayo de 1985                     | date_of_birth   | 3 de mayo de 1985
          geb. 3. Mai 1985                                | date_of_birth   | 3. Mai 1985
          出生日期：1985年3月12日                           | date_of_birth   | 1985年3月12日
          passport no. C01X00T47                          | passport        | C01X00T47
          driver's license D123-4567-8901                 | driving_licence | D123-4567-8901
          MORGA657054SM9IJ                                | driving_licence | MORGA657054SM9IJ
          L898902C36UTO7408122F1204159ZE184226B<<<<<10    | travel_document | L898902C36UTO7408122F1204159ZE184226B<<<<<10
          身份证号码：11010519491231002X                    | cn_resident_id  | 11010519491231002X
          HKID A123456(3)                                 | hk_id           | A123456(3)
          """)
  void findsWhatIsThere(String text, String type, String value) {
    assertThat(found(text)).containsExactly(type + " " + value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version 1.2.3.4",
        "foo-1.2.3.4.jar",
        "1.2.3.4.5",
        "999.999.999.999",
        "550e8400-e29b-41d4-a716-446655440000",
        "2024-01-02T03:04:05.678Z",
        "000-12-3456",
        "123-45-678",
        "4111 1111 1111 1112",
        "order 123-456-7890123",
        "12345-678-9012",
        "icon@2x.png",
        "lodash@4.17.21",
        "std::vector::iterator",
        "1700000000123",
        "12:34:56",
        "git@github.com:org/repo.git",
        "order number 5551234567",
      })
  void leavesAloneWhatOnlyLooksLikeIt(String text) {
    assertThat(found(text)).isEmpty();
  }

  @Test
  void leavesAddressesOfNoOneAloneWhenAskedTo() {
    var detector = all(true);

    assertThat(detector.find("10.0.0.1 192.168.1.1 2001:db8::1 fe80::1 ::1 127.0.0.1")).isEmpty();
    assertThat(detector.find("8.8.8.8 2606:4700::1111")).hasSize(2);
  }

  @Test
  void theKeySaysWhatABareNumberIs() {
    assertThat(ALL.find("123456789")).isEmpty();
    assertThat(ALL.findUnder("applicantSSN", "123456789")).extracting("type").contains("us_ssn");
    assertThat(ALL.findUnder("phone_number", "5551234567")).hasSize(1);
    assertThat(ALL.findUnder("order_id", "5551234567")).isEmpty();
    assertThat(ALL.findUnder("version", "1.2.3.4")).isEmpty();
  }

  @Test
  void whatIsAllowedMayBeSeen() {
    var detector =
        new PersonalData(
            new PersonalData.Settings(
                _ -> true, REGIONS, false, value -> value.endsWith("@example.com")));

    assertThat(detector.find("a@example.com b@example.org")).hasSize(1);
  }

  static PersonalData all(boolean publicOnly) {
    return new PersonalData(
        new PersonalData.Settings(_ -> true, REGIONS, publicOnly, _ -> false));
  }

  private static List<String> found(String text) {
    return ALL.find(text).stream()
        .map(find -> find.type() + " " + text.substring(find.start(), find.end()))
        .toList();
  }
}
