package io.hypernetes.store.etcd;

import com.google.protobuf.ByteString;

import io.hypernetes.store.Compare;
import io.hypernetes.store.Operation;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.Txn;
import io.hypernetes.store.TxnResult;
import io.hypernetes.store.etcd.rpc.Compare.CompareResult;
import io.hypernetes.store.etcd.rpc.Compare.CompareTarget;
import io.hypernetes.store.etcd.rpc.DeleteRangeRequest;
import io.hypernetes.store.etcd.rpc.KeyValue;
import io.hypernetes.store.etcd.rpc.PutRequest;
import io.hypernetes.store.etcd.rpc.RangeRequest;
import io.hypernetes.store.etcd.rpc.RequestOp;
import io.hypernetes.store.etcd.rpc.ResponseOp;
import io.hypernetes.store.etcd.rpc.TxnRequest;
import io.hypernetes.store.etcd.rpc.TxnResponse;

import java.util.HashMap;
import java.util.Map;

/** A transaction in etcd's words. When a compare fails it reads what was compared. */
final class Transactions {

    private Transactions() {}

    static TxnRequest request(Keyspace keyspace, Txn txn) {
        TxnRequest.Builder request = TxnRequest.newBuilder();
        for (Compare compare : txn.compares()) {
            ByteString key = keyspace.key(compare.key());
            long revision =
                    switch (compare) {
                        case Compare.Absent _ -> 0;
                        case Compare.AtRevision at -> at.modRevision();
                    };
            request.addCompare(
                    io.hypernetes.store.etcd.rpc.Compare.newBuilder()
                            .setResult(CompareResult.EQUAL)
                            .setTarget(CompareTarget.MOD)
                            .setKey(key)
                            .setModRevision(revision));
            request.addFailure(
                    RequestOp.newBuilder()
                            .setRequestRange(
                                    RangeRequest.newBuilder().setKey(key).setKeysOnly(true)));
        }
        for (Operation operation : txn.operations()) {
            request.addSuccess(operation(keyspace, operation));
        }
        return request.build();
    }

    private static RequestOp operation(Keyspace keyspace, Operation operation) {
        ByteString key = keyspace.key(operation.key());
        return switch (operation) {
            case Operation.Put(_, byte[] value) ->
                    RequestOp.newBuilder()
                            .setRequestPut(
                                    PutRequest.newBuilder()
                                            .setKey(key)
                                            .setValue(ByteString.copyFrom(value)))
                            .build();
            case Operation.Delete _ ->
                    RequestOp.newBuilder()
                            .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key))
                            .build();
        };
    }

    static TxnResult result(Keyspace keyspace, Txn txn, TxnResponse response) {
        if (response.getSucceeded()) {
            return new TxnResult.Committed(response.getHeader().getRevision());
        }
        Map<StoreKey, Long> found = new HashMap<>();
        for (ResponseOp op : response.getResponsesList()) {
            for (KeyValue kv : op.getResponseRange().getKvsList()) {
                found.put(keyspace.storeKey(kv.getKey()), kv.getModRevision());
            }
        }
        return txn.conflict(key -> found.getOrDefault(key, 0L))
                .orElseThrow(() ->
                        new StoreException(
                                "etcd refused a transaction whose compares hold; is it etcd?"));
    }
}
