import hashlib
import json
import time


class Block:
    def __init__(self, index, transactions, previous_hash):
        self.index = index
        self.timestamp = time.time()
        self.transactions = transactions
        self.previous_hash = previous_hash
        self.nonce = 0

    def compute_hash(self):
        text = json.dumps(self.__dict__, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


class Blockchain:
    difficulty = 2

    def __init__(self):
        self.chain = [Block(0, [], "0")]

    def proof_of_work(self, block):
        computed = block.compute_hash()
        while not computed.startswith("0" * Blockchain.difficulty):
            block.nonce += 1
            computed = block.compute_hash()
        return computed

    def mine(self, transactions):
        last = self.chain[-1]
        block = Block(last.index + 1, transactions, last.compute_hash())
        self.proof_of_work(block)
        self.chain.append(block)
        return block

    def is_valid(self):
        return all(b.previous_hash == a.compute_hash() for a, b in zip(self.chain, self.chain[1:]))


bc = Blockchain()
bc.mine([{"from": "alice", "to": "bob", "amount": 5}])
bc.mine([{"from": "bob", "to": "carol", "amount": 2}])
for b in bc.chain:
    print(b.index, b.nonce, b.compute_hash())
print("valid:", bc.is_valid())
