import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.rmi.NotBoundException;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Checks orders for fraud, as the consumer group "fraud": it asks risk (Java RMI) for the score of each article, one
 * after the other. That is its flaw, on purpose: an order of a wholesaler has forty.
 */
public class Fraud {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RETRY_MS = 1000;

    private final int riskPort;
    private Risk risk;

    private Fraud(int riskPort) {
        this.riskPort = riskPort;
    }

    /** Arguments: addresses of the brokers, and the port of the registry of risk. */
    public static void main(String[] args) throws Exception {
        var fraud = new Fraud(Integer.parseInt(args[1]));
        Map<String, Object> settings = Map.of(
            "bootstrap.servers", args[0],
            "group.id", "fraud",
            "client.id", "fraud-1",
            "auto.offset.reset", "earliest",
            "enable.auto.commit", "false",
            "fetch.min.bytes", "2048",
            "max.poll.records", "20");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("orders"));
            System.out.println("fraud is ready");
            while (true) {
                for (ConsumerRecord<String, String> order : consumer.poll(Duration.ofSeconds(5))) {
                    if (order.value() != null) fraud.check(JSON.readTree(order.value()));
                }
                consumer.commitSync();
            }
        }
    }

    private int check(JsonNode order) throws Exception {
        int worst = 0;
        for (JsonNode item : order.path("items")) worst = Math.max(worst, score(item.path("sku").asText()));
        return worst;
    }

    /** Asks until it is answered: risk may be starting, or starting again. */
    private int score(String sku) throws InterruptedException {
        while (true) {
            try {
                if (risk == null) risk = (Risk) LocateRegistry.getRegistry("127.0.0.1", riskPort).lookup("risk");
                return risk.score(sku);
            } catch (RemoteException | NotBoundException error) {
                risk = null;
                Thread.sleep(RETRY_MS);
            }
        }
    }
}
