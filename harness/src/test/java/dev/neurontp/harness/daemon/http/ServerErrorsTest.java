package dev.neurontp.harness.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.api.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** What the server itself answers, by what failed in it. */
class ServerErrorsTest {
    @Test
    void aConnectionThatEndedEarlyIsNoDefectOfTheDaemon() throws Exception {
        assertThat(answerTo(new EofException("early"))).isEqualTo("400 malformed");
    }

    @Test
    void anythingElseThatFailsIsADefect() throws Exception {
        assertThat(answerTo(new IllegalStateException("a defect"))).isEqualTo("500 internal");
    }

    private static String answerTo(Exception failure) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setErrorHandler(new ServerErrors());
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                callback.failed(failure);
                return true;
            }
        });
        server.start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI url = URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/");
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " "
                    + Json.mapper().readTree(answer.body()).at("/error/type").stringValue();
        } finally {
            server.stop();
        }
    }
}
