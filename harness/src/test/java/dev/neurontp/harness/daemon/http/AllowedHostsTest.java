package dev.neurontp.harness.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which names a daemon takes for its own, as browsers and clients write them. */
class AllowedHostsTest {
    private static final String LOCAL = "10.0.0.1";

    private static AllowedHosts named(List<String> hosts, List<String> origins) {
        return AllowedHosts.of("0.0.0.0", List.of("node-1"), hosts, origins);
    }

    @ParameterizedTest
    @CsvSource({
        "443, https://node-1, true",
        "443, https://node-1:443, true",
        "443, https://10.0.0.1, true",
        "443, https://[::1], true",
        "443, http://node-1, false",
        "443, https://node-1:80, false",
        "443, https://node-2, false",
        "443, ftp://node-1, false",
        "80, http://node-1, true",
        "80, https://node-1, false",
        "13131, https://node-1, false",
        "13131, http://node-1, false",
        "13131, http://node-1:13131, true",
        "1, http://[::1], false",
        "1, http://[::1]:1, true"
    })
    void thePortOfAnOriginIsOursAlsoWhereTheSchemeTellsIt(int port, String origin, boolean own) {
        assertThat(named(List.of(), List.of()).ownOrigin(origin, LOCAL, port)).isEqualTo(own);
    }

    /** As the message quotes it that a client was refused with, and as an address bar shows it. */
    @ParameterizedTest
    @CsvSource({
        "node-2:13131, node-2:13131, true",
        "NODE-2:13131, node-2, true",
        "node-2, node-2:13131, true",
        "[fd00::7]:13131, [fd00::7]:13131, true",
        "[fe80::7%eth0]:13131, [fe80::7]:13131, true",
        "[fd00::7], [fd00::7], true",
        "fd00::7, [fd00::7]:1, true",
        "node-2:13131, node-3:13131, false",
        "node-2:port, node-2, false"
    })
    void aHostOfTheSettingsMayHaveAPort(String setting, String header, boolean own) {
        assertThat(named(List.of(setting), List.of()).ownHost(header, LOCAL)).isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource({
        "https://board.example/, https://board.example, true",
        "https://board.example, https://board.example, true",
        "https://board.example/, https://other.example, false"
    })
    void anOriginOfTheSettingsMayEndWithASlash(String setting, String header, boolean own) {
        assertThat(named(List.of(), List.of(setting)).ownOrigin(header, LOCAL, 13131))
                .isEqualTo(own);
    }
}
