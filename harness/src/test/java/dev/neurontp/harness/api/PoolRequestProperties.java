package dev.neurontp.harness.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is sent of a request is what the mapper makes of it. */
class PoolRequestProperties {
    @Property(tries = 1000)
    void whatIsGivenIsWhatTheMapperWrites(@ForAll("requests") PoolRequest request) {
        assertThat(Json.text(request.given())).isEqualTo(Json.mapper().writeValueAsString(request));
    }

    @Provide
    Arbitrary<PoolRequest> requests() {
        Arbitrary<String> word = Arbitraries.of("", "a", "b\"c", "ä 1");
        Arbitrary<Map<String, String>> map = Arbitraries.maps(word, word).ofMaxSize(3);
        Arbitrary<Optional<List<String>>> words = word.list().ofMaxSize(3).optional();
        return Combinators.combine(
                        Combinators.combine(word.optional(), map, Arbitraries.integers())
                                .as(Head::new),
                        Arbitraries.longs().list().ofMaxSize(3).optional(),
                        Arbitraries.of(true, false).optional(),
                        Combinators.combine(word.optional(), word.optional(), word.optional())
                                .as(Words::new),
                        words,
                        words,
                        map)
                .as((head, devices, share, three, command, hosts, deadlines) -> new PoolRequest(
                        head.name,
                        head.labels,
                        head.size,
                        devices,
                        share,
                        three.first,
                        three.second,
                        command,
                        three.third,
                        hosts,
                        deadlines));
    }

    private record Head(Optional<String> name, Map<String, String> labels, int size) {}

    private record Words(Optional<String> first, Optional<String> second, Optional<String> third) {}
}
