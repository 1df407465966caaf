import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.server.UnicastRemoteObject;
import java.util.Set;

/** Scores of articles, by Java RMI: how often orders of an article were fraud. One article a call. */
public interface Risk extends Remote {
    /** From 0 to 100. */
    int score(String sku) throws RemoteException;

    /** Arguments: the port of its registry. */
    static void main(String[] args) throws Exception {
        var registry = LocateRegistry.createRegistry(Integer.parseInt(args[0]));
        registry.bind("risk", UnicastRemoteObject.exportObject(new RiskScores(), 0));
        System.out.println("risk is ready");
    }
}

/** Knows the articles of the web shop by heart. Those of wholesalers it has to look up, each time. */
class RiskScores implements Risk {
    private static final int LOOKUP_MS = 75;
    private static final Set<String> KNOWN =
        Set.of("tea-assam", "tea-sencha", "mug-blue", "kettle-1l", "honey-lime", "filter-100");

    @Override
    public int score(String sku) throws RemoteException {
        if (!KNOWN.contains(sku)) lookUp();
        return Math.floorMod(sku.hashCode(), 100);
    }

    private static void lookUp() throws RemoteException {
        try {
            Thread.sleep(LOOKUP_MS);
        } catch (InterruptedException error) {
            throw new RemoteException("interrupted", error);
        }
    }
}
