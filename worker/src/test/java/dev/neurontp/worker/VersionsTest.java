package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.WireCodec;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class VersionsTest {
    /** It is read without a parser, which is what is asked here. */
    @Test
    void theContractsVersionIsThatOfItsDocument() throws Exception {
        try (InputStream in = WireCodec.class.getResourceAsStream("wire-contract.json");
                JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), in)) {
            json.nextToken();
            while (!"version".equals(json.nextName())) {
                json.nextToken();
                json.skipChildren();
            }
            assertThat(Versions.contract()).isEqualTo(json.nextStringValue());
        }
    }
}
