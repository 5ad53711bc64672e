from proto import *
from benchmarks.measure import SCENARIO
from sim.scenario import load_scenario
from sim.simulate import make_job
from sim.simulate.job import prepare, lived
job = make_job(load_scenario(SCENARIO), "default")
N=1600
runs=np.arange(N,dtype=np.uint64)
w,table,rows,seg=prepare(job,runs)
B=lambda a: np.ascontiguousarray(np.asarray(a)).view(np.uint8).reshape(len(a),-1)
pack=np.zeros(LIFE.itemsize*LANES+64,np.uint8)
o=(-pack.ctypes.data)%64; pack=pack[o:o+LIFE.itemsize*LANES]
W=B(w).copy(); seed=np.uint64(job.random_seed)
T8=B(seg.timeline).view(np.uint64)
arg=(B(table),rows,T8,B(seg.setting),seed,job.days,D8,LANES,table,seg.timeline,seg.setting)
a=time.time(); run(pack,W[:16].copy(),*arg); print('compile',time.time()-a)
ref=lived(job,runs)
bl=bs=9e9
for _ in range(4):
    W=B(w).copy()
    a=time.process_time(); run(pack,W,*arg); bl=min(bl,(time.process_time()-a)/N*1e6)
    a=time.process_time(); lived(job,runs); bs=min(bs,(time.process_time()-a)/N*1e6)
print(bl,'us lanes',bs,'us scalar')
from sim.core.state import WORLD
x=W.view(WORLD).ravel(); r=np.asarray(ref)
war=r["ladder"]["war"]>=0
bad=[n for n in WORLD.names if n!="filled" and x[n][~war].tobytes()!=r[n][~war].tobytes()]
print('wars',war.sum(),'differ',bad)
